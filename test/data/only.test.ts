import assert from "node:assert/strict";
import { test } from "node:test";
import { readDataset } from "../../src/data/index.js";
import { put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();

test("chosen classes keep their rows and their order, and the others are gone", async () => {
  const path = await put(folder, "d.csv", "x,y,kind\n1,2,b\n3,4,a\n5,6,c\n7,8,b\n9,10,c\n");
  const data = await readDataset(path, { condition: "kind", only: ["c", "b"] });
  assert.deepEqual([...data.features], [1, 2, 5, 6, 7, 8, 9, 10]);
  assert.equal(data.samples, 4);
  assert.deepEqual(data.condition?.classes, ["b", "c"]);
  assert.deepEqual([...data.condition!.labels], [0, 1, 0, 1]);
});

test("numeric classes are chosen by value, and images stay images", async () => {
  const data = await readDataset("mnist:test", { only: ["8", "09.0"] });
  assert.deepEqual(data.condition?.classes, ["8", "9"]);
  assert.deepEqual([data.samples, data.image?.height], [974 + 1009, 28]);
});

test("what cannot be chosen is named", async () => {
  const path = await put(folder, "d.csv", "x,y,kind\n1,2,b\n3,4,a\n");
  await assert.rejects(
    readDataset(path, { condition: "kind", only: ["a", "z"] }),
    /d\.csv: found no class "z", expected some of "a", "b"$/,
  );
  await assert.rejects(
    readDataset(path, { features: ["x", "y"], only: ["a"] }),
    /d\.csv: has no condition, expected a class for each sample to choose classes by$/,
  );
  await assert.rejects(readDataset(path, { condition: "kind", only: [] }), /option only for reading data/);
});

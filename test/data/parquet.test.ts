import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type Dataset, readDataset, writeDataset } from "../../src/data/index.js";
import { put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();

test("integers, doubles, booleans and 64-bit integers are features; text is a condition", async () => {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: "a", data: Int32Array.of(1, 2, 3), type: "INT32" },
      { name: "b", data: Float64Array.of(0.5, -1e-3, 7), type: "DOUBLE" },
      { name: "c", data: [true, false, true], type: "BOOLEAN" },
      { name: "d", data: [1n, -2n, 3n], type: "INT64" },
      { name: "kind", data: ["pear", "fig", "pear"], type: "STRING" },
    ],
  });
  const path = await put(folder, "mixed.parquet", new Uint8Array(bytes));
  const data = await readDataset(path, { condition: "kind" });
  assert.deepEqual(data.featureNames, ["a", "b", "c", "d"]);
  assert.deepEqual([...data.features], [...Float32Array.of(1, 0.5, 1, 1, 2, -1e-3, 0, -2, 3, 7, 1, 3)]);
  assert.deepEqual(data.condition, {
    name: "kind",
    classes: ["fig", "pear"],
    labels: Int32Array.of(1, 0, 1),
  });
  const chosen = await readDataset(path, { features: ["d", "a"], condition: "c" });
  assert.deepEqual([...chosen.features], [1, 1, -2, 2, 3, 3]);
  assert.deepEqual(chosen.condition?.classes, ["false", "true"]);
});

for (const classes of [
  ["-1", "2", "10"],
  ["a", "b", "c"],
]) {
  test(`a data set with classes ${classes} and several row groups comes back from Parquet`, async () => {
    const samples = 2500;
    const data: Dataset = {
      name: join(folder, `${classes[0]}.parquet`),
      features: Float32Array.from({ length: samples * 3 }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4)),
      samples,
      width: 3,
      featureNames: ["x1", "x2", "x3"],
      condition: { name: "label", classes, labels: Int32Array.from({ length: samples }, (_, i) => i % 3) },
    };
    await writeDataset(data.name, data);
    const back = await readDataset(data.name, { condition: "label" });
    assert.deepEqual({ ...back, features: [...back.features] }, { ...data, features: [...data.features] });
  });
}

import assert from "node:assert/strict";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Dataset,
  readDataset,
  writeArray,
  writeDataset,
  writeFileAtomic,
  writeFileAtomicFrom,
} from "../../src/data/index.js";
import { float32Text } from "../../src/data/table-encoders.js";
import { writeTables } from "../../src/data/write.js";
import { put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
const values = Float32Array.of(0.1, -1 / 3, 1e-40, 3.4028234663852886e38, 16777216, -0);

for (const extension of ["npy", "csv", "parquet"]) {
  test(`an array comes back from .${extension} bit for bit`, async () => {
    const path = join(folder, `array.${extension}`);
    await writeArray(path, { data: values, shape: [3, 2] });
    const back = await readDataset(path);
    assert.deepEqual([back.samples, back.width, back.featureNames], [3, 2, ["x1", "x2"]]);
    assert.deepEqual([...back.features], [...values]);
  });
}

test("CSV has the names it was given, and rows of more than one dimension become wide", async () => {
  const path = join(folder, "named.csv");
  await writeArray(path, { data: values, shape: [1, 2, 3], columns: ["a", "b,c", "d", "e", "f", "g"] });
  assert.equal((await readFile(path, "utf8")).split("\n")[0], 'a,"b,c",d,e,f,g');
  assert.equal((await readDataset(path)).width, 6);
});

test("numbers in CSV are the shortest that read back as the same float32", () => {
  assert.equal(float32Text(Math.fround(0.1)), "0.1");
  assert.equal(float32Text(Math.fround(1 / 3)), "0.33333334");
  assert.equal(float32Text(-2), "-2");
  for (let i = 0, bits = new Uint32Array(1); i < 20_000; i++) {
    bits[0] = Math.imul(i, 2654435761);
    const value = new Float32Array(bits.buffer)[0];
    if (Number.isFinite(value)) assert.equal(Math.fround(Number(float32Text(value))), value);
  }
});

test("a data set with odd names and classes comes back from CSV", async () => {
  const data: Dataset = {
    name: join(folder, "odd.csv"),
    features: Float32Array.from({ length: 5000 }, (_, i) => i / 3),
    samples: 2500,
    width: 2,
    featureNames: ['say "x"', "a,b"],
    condition: {
      name: "kind;",
      classes: ["a\nb", "c,d"],
      labels: Int32Array.from({ length: 2500 }, (_, i) => i % 2),
    },
  };
  await writeDataset(data.name, data);
  const back = await readDataset(data.name, { condition: "kind;" });
  assert.deepEqual({ ...back, features: [...back.features] }, { ...data, features: [...data.features] });
});

test("a write that fails half way leaves the old file and no other", async () => {
  const inside = join(folder, "half");
  const path = await put(inside, "kept.txt", "old");
  async function* pieces() {
    yield "new";
    throw new Error("power cut");
  }
  await assert.rejects(writeFileAtomicFrom(path, pieces()), /power cut/);
  assert.equal(await readFile(path, "utf8"), "old");
  assert.deepEqual(await readdir(inside), ["kept.txt"]);
});

test("a written file replaces the old one whole, also behind a link, and leaves nothing else", async () => {
  const inside = join(folder, "whole");
  const path = await put(inside, "file.txt", "something long");
  await symlink(path, join(inside, "link.txt"));
  await writeFileAtomicFrom(join(inside, "link.txt"), ["a", Uint8Array.of(98)]);
  assert.equal(await readFile(path, "utf8"), "ab");
  assert.deepEqual((await readdir(inside)).sort(), ["file.txt", "link.txt"]);
});

test("a place that cannot be written ends in a FailureError of one sentence", async () => {
  await mkdir(join(folder, "taken"));
  const file = await put(folder, "plain", "x");
  for (const [path, reason] of [
    [
      join(folder, "absent", "f.npy"),
      /^FailureError: cannot write .*f\.npy: the folder .*absent does not exist$/,
    ],
    [join(folder, "taken"), /^FailureError: cannot write .*taken: it is a directory$/],
    [join(file, "f.npy"), /^FailureError: cannot write .*f\.npy: .*plain is not a folder$/],
  ] as const) {
    await assert.rejects(writeFileAtomic(path, "x"), reason);
  }
  assert.equal((await readdir(folder)).filter((name) => name.includes(".tmp")).length, 0);
});

test("wrong shapes, names and extensions are refused before anything is written", async () => {
  const before = await readdir(folder);
  const data = Float32Array.of(1, 2);
  for (const [name, array, reason] of [
    ["a.npy", { data, shape: [3, 1] }, /a\.npy: found 2 values, expected 3 for shape \[3, 1\]/],
    ["a.csv", { data, shape: [1, 2], columns: ["a"] }, /a\.csv: found 1 column name, expected 2/],
    [
      "a.xls",
      { data, shape: [1, 2] },
      /a\.xls: found the extension "\.xls", expected \.npy, \.csv or \.parquet/,
    ],
    ["a", { data, shape: [1, 2] }, /a: found the extension "", expected/],
  ] as const) {
    await assert.rejects(writeArray(join(folder, name), array), reason);
  }
  assert.deepEqual(await readdir(folder), before);
});

test("of tables written side by side all appear, or none where one fails", async () => {
  const inside = join(folder, "side");
  await mkdir(inside);
  const head = { featureNames: ["a"], shape: [70_000, 1] };
  const tables = ["x.npy", "y.csv", "z.parquet"].map((name) => ({ path: join(inside, name), head }));
  const half = writeTables(tables, async (writers) => {
    for (const writer of writers) await writer.write(Float32Array.of(1));
    throw new Error("power cut");
  });
  await assert.rejects(half, /power cut/);
  assert.deepEqual(await readdir(inside), []);
  const portions = [30_000, 40_000].map((length) => Float32Array.from({ length }, (_, i) => i / length));
  await writeTables(tables, async (writers) => {
    for (const writer of writers) for (const portion of portions) await writer.write(portion);
  });
  for (const { path } of tables) {
    const back = await readDataset(path);
    assert.deepEqual(
      [...back.features],
      portions.flatMap((portion) => [...portion]),
      path,
    );
  }
});

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readDataset } from "../../src/data/index.js";
import { decodeNpy, encodeNpy } from "../../src/data/npy-format.js";
import { decodeNpz, encodeNpz } from "../../src/data/npz.js";
import { fixture, idxBytes, put, ramp, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
const wide = ["f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"];
const vectors = [
  ...wide.map((type) => `little-${type}`),
  ...wide.map((type) => `big-${type}`),
  "byte-i1",
  "byte-u1",
];

for (const name of [...vectors, "fortran", "version-2"]) {
  test(`NumPy's ${name}.npy holds the ramp of shape [3, 4]`, async () => {
    const data = await readDataset(fixture(`${name}.npy`));
    assert.deepEqual([data.samples, data.width, data.image], [3, 4, undefined]);
    assert.deepEqual(data.featureNames, ["x1", "x2", "x3", "x4"]);
    assert.deepEqual([...data.features], ramp(12));
  });
}

test("booleans are 0 and 1", async () => {
  const data = await readDataset(fixture("byte-b1.npy"));
  assert.deepEqual(
    [...data.features],
    ramp(12).map((value) => value % 2),
  );
});

test("[N, H, W] of uint8 are grey images scaled to 0..1", async () => {
  const data = await readDataset(fixture("grey.npy"));
  assert.deepEqual(data.image, { channels: 1, height: 3, width: 4 });
  assert.deepEqual([...data.features], [...Float32Array.from(ramp(24), (value) => value / 255)]);
});

test("[N, C, H, W] of floats are images with their values as they are, in either memory order", async () => {
  const data = await readDataset(fixture("colour.npy"));
  assert.deepEqual(data.image, { channels: 3, height: 4, width: 5 });
  assert.deepEqual([...data.features], ramp(120));
  assert.deepEqual([...(await readDataset(fixture("fortran-images.npy"))).features], ramp(120));
});

for (const [labels, classes, indices] of [
  ["labels-text.npy", ["apple", "fig", "pear"], [2, 0, 1]],
  ["labels-bytes.npy", ["apple", "fig", "pear"], [2, 0, 1]],
  ["labels-column.npy", ["9", "10"], [1, 0, 1]],
] as const) {
  test(`${labels} labels an npy file`, async () => {
    const data = await readDataset(fixture("little-f4.npy"), { labels: fixture(labels), condition: "fruit" });
    assert.deepEqual(data.condition, { name: "fruit", classes, labels: Int32Array.from(indices) });
  });
}

for (const [text, what] of [
  ["b\na\nb\n", "words"],
  ["kind\nb\na\nb\n", "words under a title"],
  ['"b"\r\n"a"\r\n"b"\r\n', "quoted words"],
] as const) {
  test(`a text file of ${what} labels an npy file`, async () => {
    const labels = await put(folder, `${what.replaceAll(" ", "-")}.txt`, text);
    const data = await readDataset(fixture("little-f4.npy"), { labels });
    assert.deepEqual(data.condition, { name: "label", classes: ["a", "b"], labels: Int32Array.of(1, 0, 1) });
  });
}

test("--features chooses numbered columns of a matrix", async () => {
  const data = await readDataset(fixture("little-f8.npy"), { features: ["x4", "x2"] });
  assert.deepEqual([data.width, data.featureNames], [2, ["x4", "x2"]]);
  assert.deepEqual([...data.features], [3, 1, 7, 5, 11, 9]);
});

test("npz: x holds the features, --condition names the labels", async () => {
  const data = await readDataset(fixture("named.npz"), { condition: "y" });
  assert.deepEqual([...data.features], ramp(12));
  assert.deepEqual(data.condition, { name: "y", classes: ["0", "2"], labels: Int32Array.of(1, 0, 1) });
  assert.equal((await readDataset(fixture("named.npz"), { features: ["z"] })).width, 2);
});

test("npz: a compressed archive with one matrix and labels of text", async () => {
  const data = await readDataset(fixture("compressed.npz"), { condition: "kind" });
  assert.deepEqual([...data.features], ramp(12));
  assert.deepEqual(data.condition?.classes, ["a", "b"]);
});

test("what is written as npy is byte for byte what NumPy writes", async () => {
  const stored = await readFile(fixture("little-f4.npy"));
  const written = encodeNpy({ data: Float32Array.from(ramp(12)), shape: [3, 4] });
  assert.deepEqual([...written], [...stored]);
  const bytes = encodeNpy({ data: Uint8Array.from(ramp(24)), shape: [2, 3, 4] });
  assert.deepEqual([...bytes], [...(await readFile(fixture("grey.npy")))]);
  const long = encodeNpy({ data: BigInt64Array.from(ramp(12), BigInt), shape: [3, 4] });
  assert.deepEqual([...long], [...(await readFile(fixture("little-i8.npy")))]);
});

test("npy and npz give back every shape they were given", () => {
  for (const shape of [[], [5], [1, 1], [0, 3], [2, 3, 4, 5]]) {
    const data = Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i / 7 - 1);
    assert.deepEqual(decodeNpy(encodeNpy({ data, shape }), "n"), { shape, data });
    assert.deepEqual(decodeNpz(encodeNpz({ a: { data, shape } }), "n").get("a"), { shape, data });
  }
});

test("a file is known by its first bytes when its name says nothing", async () => {
  const path = await put(folder, "nameless", await readFile(fixture("little-f4.npy")));
  assert.deepEqual([...(await readDataset(path)).features], ramp(12));
  const zip = await put(folder, "archive.bin", await readFile(fixture("named.npz")));
  assert.equal((await readDataset(zip)).samples, 3);
});

test("IDX images, plain and gzipped, with an IDX label file", async () => {
  const images = idxBytes(8, [3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 5, 6, 7, 8]);
  const labels = await put(folder, "digits-labels-idx1-ubyte.gz", gzipSync(idxBytes(8, [3], [9, 4, 9])));
  for (const path of [
    await put(folder, "digits-images-idx3-ubyte", images),
    await put(folder, "digits.idx3", images),
    await put(folder, "digits-images-idx3-ubyte.gz", gzipSync(images)),
  ]) {
    const data = await readDataset(path, { labels });
    assert.deepEqual(data.image, { channels: 1, height: 2, width: 2 });
    assert.deepEqual([...data.features.subarray(0, 4)], [0, Math.fround(0.2), Math.fround(0.4), 1]);
    assert.deepEqual(data.condition, { name: "label", classes: ["4", "9"], labels: Int32Array.of(1, 0, 1) });
  }
});

test("transposed swaps rows and columns of every image and channel", async () => {
  const path = await put(folder, "wide.idx3", idxBytes(8, [2, 2, 3], ramp(12)));
  const data = await readDataset(path, { transposed: true });
  assert.deepEqual(data.image, { channels: 1, height: 3, width: 2 });
  const expected = [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11];
  assert.deepEqual([...data.features], [...Float32Array.from(expected, (value) => value / 255)]);
});

test("IDX floats are big-endian", async () => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat32(0, 1.5);
  new DataView(bytes.buffer).setFloat32(4, -2);
  const path = await put(folder, "floats.idx", idxBytes(13, [1, 2], bytes).subarray(0, 20));
  assert.deepEqual([...(await readDataset(path)).features], [1.5, -2]);
});

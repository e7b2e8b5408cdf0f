import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ReadOptions, readDataset, writeDataset } from "../../src/data/index.js";
import { encodeNpy } from "../../src/data/npy-format.js";
import { countValues, streamDataset } from "../../src/data/read.js";
import { collect } from "../../src/data/sample-stream.js";
import { simulateMixture } from "../../src/simulate/mixture.js";
import { fixture, put, ramp, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
const SAMPLES = 30_000;
const values = Float64Array.from(ramp(SAMPLES * 12), (i) => ((i * 7919) % 10_007) / 3);
const numbers = Int32Array.from(ramp(SAMPLES), (i) => (i * 31) % 7);
const words = Array.from(numbers, (number) => `class-${number}`);
const vectors = await put(folder, "x.npy", encodeNpy({ data: values, shape: [SAMPLES, 12] }));
const labels = {
  npy: await put(folder, "l.npy", encodeNpy({ data: numbers, shape: [SAMPLES, 1] })),
  text: await put(folder, "l.txt", `${words.join("\n")}\n`),
  titled: await put(folder, "t.csv", `label\n${numbers.join("\n")}\n`),
};

/** Files that are read whole and portion by portion, and how. */
const cases: readonly [title: string, path: string, options: ReadOptions][] = [
  ["vectors without labels", vectors, {}],
  ["vectors with labels of npy", vectors, { labels: labels.npy }],
  ["vectors with labels of text, named", vectors, { labels: labels.text, condition: "kind" }],
  ["vectors with labels under a title", vectors, { labels: labels.titled }],
  [
    "some columns of some classes",
    vectors,
    { labels: labels.titled, features: ["x7", "x2"], only: ["3", "5.0"] },
  ],
  [
    "gzipped bytes of images, transposed",
    await put(
      folder,
      "images.npy.gz",
      gzipSync(encodeNpy({ data: Uint8Array.from(values.subarray(0, 240_000)), shape: [20_000, 3, 4] })),
    ),
    { transposed: true },
  ],
  ...["big-f8", "big-u8", "byte-b1", "little-f4", "version-2", "colour"].map(
    (name) => [`fixture ${name}`, fixture(`${name}.npy`), {}] as [string, string, ReadOptions],
  ),
  [
    "labels as fixed-width text",
    await put(folder, "three.npy", encodeNpy({ data: values.slice(0, 6), shape: [3, 2] })),
    { labels: fixture("labels-text.npy") },
  ],
];

for (const [title, path, options] of cases) {
  test(`portion by portion as whole: ${title}`, async () => {
    const [whole, streamed] = [
      await readDataset(path, options),
      await collect(await streamDataset(path, options)),
    ];
    assert.deepEqual(streamed, whole);
  });
}

test("no portion is the whole, whatever the format", async () => {
  const { dataset } = simulateMixture({ classes: 3, samples: 150_000, features: 2, seed: 1 });
  for (const name of ["d.csv", "d.parquet"]) await writeDataset(join(folder, name), dataset);
  for (const path of [vectors, join(folder, "d.csv"), join(folder, "d.parquet")]) {
    const stream = await streamDataset(path);
    let [samples, largest] = [0, 0];
    for await (const { features } of stream.portions) {
      samples += features.length / stream.width;
      largest = Math.max(largest, features.length / stream.width);
    }
    assert.ok(largest < samples / 2, `${path}: ${largest} of ${samples} samples at once`);
  }
});

test("how much a file holds is known before it is read, of text about", async () => {
  assert.equal(await countValues(vectors), SAMPLES * 12);
  assert.equal(await countValues(join(folder, "d.parquet")), 150_000 * 3);
  const about = (await countValues(join(folder, "d.csv"))) ?? 0;
  assert.ok(Math.abs(about / (150_000 * 3) - 1) < 0.02, `${about} values`);
  assert.equal(await countValues("mnist"), undefined);
});

test("what cannot be read portion by portion is refused, with the formats that can", async () => {
  await assert.rejects(
    streamDataset(fixture("fortran.npy")),
    /fortran\.npy: found Fortran order, expected C order/,
  );
  await assert.rejects(
    streamDataset("mnist"),
    /mnist: cannot be read portion by portion, expected a file of CSV, Parquet, npy$/,
  );
});

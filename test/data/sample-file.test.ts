import assert from "node:assert/strict";
import { appendFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openSampleFile } from "../../src/data/files/sample-file.js";
import { writeSampleFile } from "../../src/data/files/sample-file-writer.js";
import { fingerprint } from "../../src/data/fingerprint.js";
import { columnStatistics, readDataset } from "../../src/data/index.js";
import { classCounts } from "../../src/data/labels.js";
import { encodeNpy } from "../../src/data/npy-format.js";
import { streamDataset } from "../../src/data/read.js";
import { readAllRows } from "../../src/data/sample-rows.js";
import { node } from "../../src/platform/node.js";
import { images, mixture } from "../support/datasets.js";
import { streamOf } from "../support/stored.js";
import { put, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
const pathsOf = (name: string) => ({
  rows: join(folder, `${name}.bin`),
  about: join(folder, `${name}.json`),
});

test("a file of samples has every sample, and statistics, counts and classes as in memory", async () => {
  const dataset = mixture(5, 12_345);
  const paths = pathsOf("whole");
  const written = await writeSampleFile(paths, streamOf(dataset, 1000), "here");
  assert.deepEqual(await openSampleFile(paths, "here"), written);
  const { file, ...rest } = written;
  assert.deepEqual(file.statistics, columnStatistics(dataset));
  assert.deepEqual(file.counts, classCounts(dataset.condition!));
  assert.equal(file.fingerprint, fingerprint(dataset));
  assert.deepEqual(rest, {
    name: dataset.name,
    featureNames: dataset.featureNames,
    image: undefined,
    condition: { name: "label", classes: ["0", "1", "2"] },
  });
  const reader = node.openForReading(paths.rows);
  let at = 0;
  for (const { from, features, labels } of readAllRows(file, reader)) {
    assert.equal(from, at);
    at += labels.length;
    assert.deepEqual([...features], [...dataset.features.subarray(5 * from, 5 * at)]);
    assert.deepEqual([...labels], [...dataset.condition!.labels.subarray(from, at)]);
  }
  reader.close();
  assert.equal(at, dataset.samples);
});

test("classes are named and sorted at the end as in memory, constants known, images described", async () => {
  const path = await put(folder, "d.csv", "a,b,u\n1,7,10\n2,7,9\n3,7,010\n4,7,9.0\n");
  const whole = await readDataset(path, { condition: "u" });
  const { file, condition } = await writeSampleFile(
    pathsOf("d"),
    await streamDataset(path, { condition: "u" }),
    "",
  );
  assert.deepEqual(condition?.classes, whole.condition?.classes);
  assert.deepEqual([...file.counts], [2, 2]);
  assert.deepEqual([...file.classOf], [1, 0, 1, 0]);
  assert.deepEqual(file.statistics, columnStatistics(whole));
  assert.equal(file.fingerprint, fingerprint(whole));
  const pictures = images(3, 4, 20);
  const { image } = await writeSampleFile(pathsOf("i"), streamOf(pictures), "");
  assert.deepEqual(image, pictures.image);
});

test("another sample, another label or another name of a class gives another fingerprint", async () => {
  const dataset = mixture(3, 200);
  const labels = dataset.condition!.labels.slice();
  labels[7] = (labels[7] + 1) % 3;
  const features = dataset.features.slice();
  features[100] += 1e-3;
  const variants = [
    dataset,
    { ...dataset, features },
    { ...dataset, condition: { ...dataset.condition!, labels } },
    { ...dataset, condition: { ...dataset.condition!, classes: ["0", "1", "3"] } },
  ];
  const prints: string[] = [];
  for (const variant of variants) {
    prints.push((await writeSampleFile(pathsOf("print"), streamOf(variant), "")).file.fingerprint);
  }
  assert.equal(new Set(prints).size, variants.length);
  assert.equal(
    (await writeSampleFile(pathsOf("print"), streamOf(dataset, 7), "")).file.fingerprint,
    prints[0],
  );
});

test("a file is taken up again only whole, and only if it was made from the same", async () => {
  const paths = pathsOf("again");
  await writeSampleFile(paths, streamOf(mixture(3, 200)), "data of May");
  assert.equal(await openSampleFile(paths, "data of June"), undefined);
  await appendFile(paths.rows, "x");
  assert.equal(await openSampleFile(paths, "data of May"), undefined);
  await truncate(paths.rows, 200 * 16);
  assert.ok(await openSampleFile(paths, "data of May"));
  const about = await readFile(paths.about, "utf8");
  for (const text of ["", about.slice(0, -9), about.replace('"version":1', '"version":2')]) {
    await writeFile(paths.about, text);
    assert.equal(await openSampleFile(paths, "data of May"), undefined);
  }
});

test("data that cannot be used leave no file, nor what stood there before", async () => {
  const place = { rows: join(folder, "gone", "s.bin"), about: join(folder, "gone", "s.json") };
  const bad = await put(folder, "gone/bad.csv", `a,b,u\n${"1,2,3\n".repeat(20_000)}1,x,3\n`);
  await writeSampleFile(place, streamOf(mixture(3, 200)), "");
  const stream = await streamDataset(bad, { condition: "u" });
  await assert.rejects(
    writeSampleFile(place, stream, ""),
    /bad\.csv, row 20001 .* found "x", expected a number/,
  );
  assert.deepEqual(await readdir(join(folder, "gone")), ["bad.csv"]);
  const values = new Float32Array(3 * 50_000);
  values[3 * 41_234 + 1] = Number.NaN;
  const array = await put(folder, "bad.npy", encodeNpy({ data: values, shape: [50_000, 3] }));
  await assert.rejects(
    writeSampleFile(place, await streamDataset(array), ""),
    /^InputError: .*bad\.npy, row 41235, column "x2": found NaN, expected a finite number$/,
  );
  async function* numbered() {
    const rows = Array.from({ length: 100_001 }, (_, row) => `row ${row}`);
    yield { features: new Float32Array(rows.length), labels: rows };
  }
  const ids = { name: "s", width: 1, featureNames: ["a"], condition: "id", portions: numbered() };
  await assert.rejects(
    writeSampleFile(place, ids, ""),
    /^InputError: s: condition "id" has over 100,000 classes in 100,001 rows, expected classes that repeat$/,
  );
  const controller = new AbortController();
  async function* stopping() {
    yield { features: Float32Array.of(1, 2) };
    controller.abort(new Error("enough"));
    yield { features: Float32Array.of(3, 4) };
  }
  const endless = { name: "s", width: 2, featureNames: ["a", "b"], portions: stopping() };
  await assert.rejects(writeSampleFile(place, endless, "", controller.signal), /enough/);
  assert.deepEqual(await readdir(join(folder, "gone")), ["bad.csv"]);
  const nowhere = { rows: join(folder, "absent", "s.bin"), about: join(folder, "absent", "s.json") };
  await assert.rejects(
    writeSampleFile(nowhere, streamOf(mixture(3, 200)), ""),
    /^FailureError: cannot write .*s\.bin: the folder .*absent does not exist$/,
  );
});

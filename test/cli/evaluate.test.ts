import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import type { Evaluation } from "../../src/analysis/index.js";
import { json, refuse, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const samples = 300;

before(async () => {
  await succeed(
    folder,
    `generate mixture --classes 3 --samples ${samples} --features 5 --seed 2 --out d.csv --truth z.npy`,
  );
  await succeed(folder, "fit d.csv --condition label --method pca --out run --quiet");
});

interface Document {
  readonly samples: number;
  readonly mcc: number;
  readonly assignment: readonly number[];
  readonly latents: "all" | readonly number[];
  readonly metrics: Evaluation;
  readonly definitions: Record<string, { version: string; definition: string }>;
}

test("every metric has a version, its definition, its samples, and values in and out of sample", async () => {
  const { metrics, definitions, ...found } = await json<Document>(
    folder,
    "evaluate run --data d.csv --truth z.npy",
  );
  assert.equal(found.samples, samples);
  assert.equal(found.mcc, metrics.mcc.pearson.inSample.value);
  assert.deepEqual(found.assignment, metrics.mcc.pearson.inSample.assignment);
  for (const metric of [metrics.mcc.pearson, metrics.mcc.spearman, metrics.weakMcc!, metrics.r2!]) {
    assert.equal(metric.inSample.samples, samples);
    assert.deepEqual(metric.outOfSample?.samples, { fitted: samples / 2, scored: samples / 2 });
    assert.ok(metric.inSample.value! <= 1 && metric.outOfSample!.value! <= 1);
  }
  const { mcc, weakMcc, r2, dci, correlation } = metrics;
  assert.deepEqual(
    [mcc, weakMcc, r2, dci].map((metric) => metric?.version),
    Object.values(definitions).map(({ version }) => version),
  );
  assert.equal(dci?.samples, samples);
  assert.deepEqual([correlation.pearson.length, correlation.spearman[0].length], [2, 5]);
  assert.deepEqual(metrics.notes, []);
});

test("the text says the same, with the sizes of the halves", async () => {
  const { metrics } = await json<Document>(folder, "evaluate run --data d.csv --truth z.npy --seed 5");
  const { stdout } = await succeed(folder, "evaluate run --data d.csv --truth z.npy --seed 5");
  assert.match(stdout, /^d\.csv: 300 samples\n.*fitted on 150 samples, scored on the 150 others \(seed 5\)/);
  const rows = {
    "MCC, Pearson": metrics.mcc.pearson,
    "MCC, Spearman": metrics.mcc.spearman,
    "weak MCC \\(CCA\\)": metrics.weakMcc!,
    "R2, mean": metrics.r2!,
  };
  for (const [name, { inSample, outOfSample }] of Object.entries(rows)) {
    const values = [inSample.value!, outOfSample!.value!].map((value) => value.toFixed(4));
    assert.match(stdout, new RegExp(`^${name} +${values.join(" +")} +[a-z0-9-]+/1$`, "m"));
  }
  assert.match(stdout, /^true 1 = latent \d: Pearson 0\.\d{4}, Spearman 0\.\d{4}, R2 -?\d\.\d{4}$/m);
});

test("--latents compares some of the latents, under their own numbers", async () => {
  const all = (await json<Document>(folder, "evaluate run --data d.csv --truth z.npy")).metrics;
  const { metrics, latents, assignment } = await json<Document>(
    folder,
    "evaluate run --data d.csv --truth z.npy --latents 3,1,4",
  );
  assert.deepEqual(latents, [3, 1, 4]);
  assert.deepEqual(
    metrics.correlation.pearson,
    all.correlation.pearson.map((row) => [row[3], row[1], row[4]]),
  );
  for (const number of [...assignment, ...metrics.mcc.spearman.outOfSample!.assignment]) {
    assert.ok([3, 1, 4].includes(number));
  }
  await refuse(
    folder,
    "evaluate run --data d.csv --truth z.npy --latents 3,5",
    /--latents: found 5, .* 0 to 4/,
  );
  await refuse(
    folder,
    "evaluate run --data d.csv --truth z.npy --latents 3",
    /z\.npy: found 2 components, expected at most as many as latents to match them with, 1/,
  );
});

test("what limits the values is said beside them", async () => {
  const rows = (await text(folder, "d.csv")).split("\n").slice(0, 6);
  await writeFile(join(folder, "few.csv"), `${rows.join("\n")}\n`);
  await writeFile(join(folder, "flat.csv"), "a,b\n1,2\n1,3\n1,3\n1,5\n1,4\n");
  const { stdout, stderr } = await succeed(
    folder,
    "evaluate run --data few.csv --truth flat.csv --latents 0,1",
  );
  assert.match(stderr, /note: True component 0 is constant/);
  assert.match(stderr, /note: 5 samples are too few to divide/);
  assert.match(stdout, /too few samples to measure out of sample/);
  assert.match(stdout, /^MCC, Pearson +0\.\d+ +- +mcc\/1$/m);
});

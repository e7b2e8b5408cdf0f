import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { mutualInformation } from "../../src/analysis/mutual-information.js";
import { withCondition } from "../../src/data/check.js";
import { readDataset } from "../../src/data/index.js";
import { heldOutSplit } from "../../src/models/held-out.js";
import { json, refuse, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();
const samples = 1000;
const width = 10;

before(async () => {
  const generate = `generate mixture --classes 5 --samples ${samples} --noise 1`;
  await succeed(folder, `${generate} --seed 1 --out d.csv --truth z.npy`);
  await succeed(folder, `${generate} --seed 2 --out other.csv`);
  const fit = "fit d.csv --condition label --out run --seed 3 --epochs 3 --held-out 0.3 --truth z.npy";
  await succeed(folder, `${fit} --quiet`);
  await succeed(folder, "encode run --data d.csv --out w.npy");
});

interface Ranking {
  readonly criterion: string;
  readonly selection: string;
  readonly rows: string;
  readonly informative: { readonly count: number; readonly rule: string; readonly reason: string };
  readonly null: { readonly level: number; readonly quantile: number; readonly permutations: number };
  readonly ranking: readonly {
    readonly rank: number;
    readonly latent: number;
    readonly sigma: number;
    readonly std: number;
    readonly mi: number;
    readonly nullLevel: number;
    readonly informative: boolean;
  }[];
}

/** Latents and labels of some rows of the training data, by column. */
async function columnsOf(
  rows: ArrayLike<number>,
): Promise<{ labels: Int32Array; latent: (i: number) => number[] }> {
  const dataset = withCondition(await readDataset(join(folder, "d.csv"), { condition: "label" }));
  const latents = await values(folder, "w.npy");
  return {
    labels: Int32Array.from(rows, (row) => dataset.condition.labels[row]),
    latent: (i) => Array.from(rows, (row) => latents[row * width + i]),
  };
}

async function heldOut(): Promise<Int32Array> {
  const dataset = withCondition(await readDataset(join(folder, "d.csv"), { condition: "label" }));
  return heldOutSplit(dataset, { heldOut: 0.3, seed: 3 }).heldOut;
}

function deviation(column: readonly number[]): number {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
}

test("of the training data, latents are measured on the rows that the fit held out", async () => {
  const document = await json<Ranking>(folder, "inspect run --data d.csv --criterion mi");
  assert.equal(document.rows, "the 300 rows that the fit held out");
  const { labels, latent } = await columnsOf(await heldOut());
  assert.equal(labels.length, 300);
  assert.equal(document.ranking.length, width);
  for (const { latent: index, mi, std } of document.ranking) {
    assert.ok(Math.abs(mi - mutualInformation(latent(index), labels)) < 1e-9);
    assert.ok(Math.abs(std - deviation(latent(index))) < 1e-6);
  }
});

test("ranks follow the criterion, and what is informative leads", async () => {
  for (const [criterion, key] of [
    ["mi", "mi"],
    ["var", "std"],
    ["sigma", "sigma"],
  ] as const) {
    const {
      ranking,
      informative,
      null: noise,
    } = await json<Ranking>(folder, `inspect run --data d.csv --criterion ${criterion}`);
    for (const [k, row] of ranking.entries()) {
      assert.equal(row.rank, k + 1);
      assert.equal(row.informative, k < informative.count);
      assert.equal(row.nullLevel, noise.level);
      if (k > 0) assert.ok(ranking[k - 1][key] >= row[key]);
    }
    assert.match(informative.reason, /^[A-Z].*\.$/);
    assert.deepEqual([noise.quantile, noise.permutations], [0.99, 100]);
  }
});

test("with --all-rows, and of other data, every row is used, and it is said", async () => {
  const all = await json<Ranking>(folder, "inspect run --data d.csv --all-rows");
  assert.match(all.rows, /^all 1,000 rows of .*d\.csv, with those that the fit was trained on$/);
  const { labels, latent } = await columnsOf(Array.from({ length: samples }, (_, n) => n));
  for (const { latent: index, mi } of all.ranking) {
    assert.ok(Math.abs(mi - mutualInformation(latent(index), labels)) < 1e-9);
  }
  const other = await json<Ranking>(folder, "inspect run --data other.csv");
  assert.match(other.rows, /^all 1,000 rows of .*other\.csv$/);
});

test("a model file without its run cannot tell its own data, and says that all rows were used", async () => {
  await copyFile(join(folder, "run/model.safetensors"), join(folder, "alone.safetensors"));
  const { rows } = await json<Ranking>(folder, "inspect alone.safetensors --data d.csv");
  assert.match(rows, /^all 1,000 rows of .*d\.csv$/);
});

test("cuts by count and by threshold", async () => {
  const counted = await json<Ranking>(folder, "inspect run --data d.csv --criterion sigma --cut count:4");
  assert.deepEqual([counted.informative.count, counted.selection], [4, "sigma:4"]);
  const level = counted.ranking[2].sigma;
  const above = await json<Ranking>(
    folder,
    `inspect run --data d.csv --criterion sigma --cut threshold:${level}`,
  );
  assert.deepEqual([above.informative.count, above.informative.rule], [2, "threshold"]);
});

test("without --data the scores are those that the fit left, for reading as well", async () => {
  const kept = await json<Ranking>(folder, "inspect run --criterion mi");
  const measured = await json<Ranking>(folder, "inspect run --data d.csv --criterion mi");
  assert.deepEqual(
    kept.ranking.map(({ latent, mi }) => [latent, mi]),
    measured.ranking.map(({ latent, mi }) => [latent, mi]),
  );
  const { stdout } = await succeed(folder, "inspect run --criterion mi");
  assert.match(stdout, /measured on the 300 rows that the fit held out/);
  assert.match(stdout, / rank {2}latent {6}sigma {8}std {9}mi\n/);
  assert.match(stdout, /noise up to .* \(100 permutations of the labels\)/);
  assert.match(stdout, /Informative latents: /);
});

test("fit says what mutual information chooses, and the report draws it", async () => {
  const { mutualInformation: found } = await json<{
    mutualInformation: {
      informative: Ranking["informative"];
      nullLevel: number;
      rows: string;
      agrees: boolean;
    };
  }>(folder, "fit d.csv --condition label --out again --seed 3 --epochs 1 --quiet");
  assert.equal(found.rows, "the 100 rows that the fit held out");
  assert.ok(found.nullLevel > 0);
  const inspected = await json<{ mutualInformation: typeof found }>(folder, "inspect again");
  assert.deepEqual(inspected.mutualInformation, found);
  const report = await text(folder, "run/report.html");
  assert.match(report, /Mutual information of 10 latents with the condition on a log scale/);
  assert.match(report, /noise floor/);
});

const refusals: Readonly<Record<string, RegExp>> = {
  "inspect run --criterion pca": /option --criterion: found "pca", expected mi, var or sigma/,
  "inspect run --cut knee": /option --cut: found "knee", expected count:5 .*max-curvature/,
  "inspect run --cut 11": /option --cut: found 11, expected at most 10/,
  "inspect run --all-rows": /option --all-rows: found without --data/,
  "inspect run --criterion mi --seed 1": /option --seed: found without --data/,
  "inspect run --data z.npy": /found 2 features, expected 10/,
  "inspect run --data w.npy": /w\.npy: found no labels, expected/,
};
for (const [line, says] of Object.entries(refusals)) {
  test(`refused in one sentence: ${line}`, () => refuse(folder, line, says));
}

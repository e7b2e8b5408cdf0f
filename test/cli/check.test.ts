import assert from "node:assert/strict";
import { before, test } from "node:test";
import { json, refuse, succeed, workFolder } from "./support.js";

const folder = workFolder();

interface Check {
  readonly check: string;
  readonly verdict: string;
  readonly advice: string | null;
}

interface Document {
  readonly of: string;
  readonly conditions: number;
  readonly samples: number;
  readonly checks: readonly Check[];
  readonly latents: readonly { readonly latent: number }[];
  readonly L: {
    readonly rank: number;
    readonly needed: number;
    readonly values: number[][];
    readonly conditionNumber: number | null;
  };
}

before(async () => {
  const mixing = "--sources 3 --layers 1 --seed 4";
  await succeed(folder, `generate segments --segments 20 --length 300 ${mixing} --out d.csv --truth z.csv`);
  await succeed(folder, `generate segments --segments 2 --length 300 ${mixing} --out two.csv`);
  await succeed(folder, "fit d.csv --condition segment --method pca --out run --quiet");
});

const verdicts = ({ checks }: Document) =>
  Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]));

test("check looks at data before a fit", async () => {
  const free = await json<Document>(folder, "check d.csv --condition segment");
  assert.deepEqual([free.of, free.conditions, free.samples, free.latents.length], ["data", 20, 6000, 3]);
  const { conditions, samples, variation, overlap } = verdicts(free);
  assert.deepEqual([conditions, samples, variation, overlap], ["holds", "holds", "holds", "holds"]);
  const two = await json<Document>(folder, "check two.csv --condition segment");
  assert.equal(verdicts(two).conditions, "fails");
  assert.equal(two.L.conditionNumber, null);
  const many = await json<Document>(folder, "check d.csv --condition segment --expect 10");
  assert.equal(verdicts(many).conditions, "fails");
});

test("check looks at a run, at its training data or at others, at all latents or some", async () => {
  const all = await json<Document>(folder, "check run");
  assert.deepEqual([all.of, all.conditions, all.samples], ["latents", 20, 5400]);
  assert.deepEqual([all.L.needed, all.L.values.length], [3, 20]);
  const some = await json<Document>(folder, "check run --data d.csv --latents 2,0");
  assert.equal(some.samples, 6000);
  assert.deepEqual(
    some.latents.map(({ latent }) => latent),
    [0, 2],
  );
});

test("check says what each finding means, and what to do", async () => {
  const { stdout } = await succeed(folder, "check two.csv --condition segment");
  assert.match(stdout, /^two\.csv: 600 samples in 2 conditions of "segment"\n/);
  assert.match(stdout, /^no conditions {2}2 conditions, enough for 0 latents/m);
  assert.match(stdout, /^ +-> Split the label into finer conditions/m);
});

test("check refuses a run that knows no condition", async () => {
  await succeed(folder, "fit z.csv --method pca --out bare --quiet");
  await refuse(folder, "check bare", /bare: was fitted without a condition/);
});

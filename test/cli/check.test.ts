import assert from "node:assert/strict";
import { before, test } from "node:test";
import { json, succeed, workFolder } from "./support.js";

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
  await succeed(folder, "fit d.csv --condition segment --epochs 4 --threads 1 --out run --quiet");
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

test("check blames the model where its prior does not depend on the condition, and names one whose does", async () => {
  const small = "--width 4 --depth 1 --epochs 1 --threads 1 --quiet";
  await succeed(folder, `fit d.csv --condition segment --method vae ${small} --out vae`);
  await succeed(folder, `fit z.csv --method beta-vae ${small} --out beta`);
  for (const call of ["check vae", "check vae --data d.csv", "check beta"]) {
    const { checks, L } = await json<Document>(folder, call);
    assert.deepEqual(
      [checks.map(({ check, verdict }) => [check, verdict]), L],
      [[["model", "fails"]], undefined],
    );
    assert.match(checks[0].advice ?? "", /--method ivae or gin/);
  }
  const { stdout } = await succeed(folder, "check beta");
  assert.match(
    stdout,
    /^beta: 5,400 samples\n\nno model +The prior of this model \(beta-VAE\) does not depend on/,
  );
});

test("check says of other models what their latents are found by, and measures no Gaussians", async () => {
  const fit = "fit d.csv --condition segment --epochs 1 --threads 1 --quiet";
  await succeed(folder, `${fit} --method tcl --width 4 --depth 1 --out tcl`);
  await succeed(folder, `${fit} --method ssl --augment jitter=0.1 --out ssl`);
  await succeed(folder, "fit z.csv --method ica --out ica --quiet");
  for (const [run, says] of [
    ["tcl", /functions of one source each/],
    ["ssl", /augmented copies of each sample/],
    ["ica", /not being Gaussian/],
  ] as const) {
    const { checks } = await json<Document & { checks: { found: string }[] }>(folder, `check ${run}`);
    assert.deepEqual([checks.length, checks[0].check, checks[0].verdict], [1, "model", "doubtful"]);
    assert.match(checks[0].found, says);
  }
});

test("check does not blame the condition for means that a prior keeps at 0", async () => {
  const still = "--method ivae --width 4 --depth 1 --epochs 1 --lr 0.0000001 --threads 1 --quiet";
  await succeed(folder, `fit d.csv --condition segment ${still} --prior-mean zero --out zero`);
  await succeed(folder, `fit d.csv --condition segment ${still} --out free`);
  const advice = async (run: string) =>
    (await json<Document>(folder, `check ${run}`)).checks.find(({ check }) => check === "variation")?.advice;
  assert.match((await advice("zero")) ?? "", /--prior-mean learned/);
  assert.match((await advice("free")) ?? "", /train for longer; if not, take a condition/);
});

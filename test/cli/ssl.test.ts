import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bytes, json, refuse, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();
const small = "--blocks 2 --width 8 --epochs 3 --batch 50 --seed 1 --threads 1 --quiet";

before(async () => {
  await succeed(folder, "generate mixture --classes 3 --samples 300 --seed 2 --out d.csv --truth z.npy");
  await succeed(
    folder,
    `fit d.csv --features x1,x2,x3,x4 --method ssl --augment noise:x1,x2=0.5,jitter=0.1 ${small} --out run`,
  );
});

test("a run without classes has the files of any run, and every verb that can takes it", async () => {
  const record = JSON.parse(await text(folder, "run/run.json"));
  assert.deepEqual([record.status, record.method, record.configuration.copies], ["finished", "ssl", 7]);
  assert.match(await text(folder, "run/report.html"), /Self-supervised GIN.*within sets/s);
  assert.equal((await text(folder, "run/metrics.jsonl")).trimEnd().split("\n").length, 3);
  const { stdout } = await succeed(folder, "inspect run");
  assert.match(
    stdout,
    /^model +Self-supervised GIN, vector preset.*sets of a sample and 7 copies by noise, jitter/,
  );
  assert.match(stdout, /latent +sigma +std +within/);
  const { spectrum } = await json<{ spectrum: { std: number; within: number }[] }>(folder, "inspect run");
  assert.ok(spectrum.every(({ std, within }) => within > 0 && Number.isFinite(within / std)));
  await succeed(folder, "encode run --data d.csv --out w.npy");
  assert.equal((await values(folder, "w.npy")).length, 300 * 4);
  await succeed(folder, "decode run --data w.npy --out x.npy");
  await succeed(folder, "sample run --count 4 --out s.csv");
  await succeed(folder, "traverse run --latent 0 --out t.svg");
  const found = await json<{ mcc: number; logLikelihood: unknown }>(
    folder,
    "evaluate run --data d.csv --truth z.npy",
  );
  assert.ok(found.mcc > 0 && found.mcc <= 1);
});

test("samples around a row are drawn from its set", async () => {
  await succeed(folder, "sample run --around d.csv --row 3 --count 400 --out near.npy");
  await succeed(folder, "sample run --around d.csv --row 3 --count 1 --temperature 0 --out itself.npy");
  const [near, itself] = [await values(folder, "near.npy"), await values(folder, "itself.npy")];
  const row = (await text(folder, "d.csv")).split("\n")[3].split(",").map(Number);
  for (const column of [0, 1, 2, 3]) {
    assert.ok(Math.abs(itself[column] - row[column]) < 1e-3 * Math.max(1, Math.abs(row[column])));
    const mean = near.filter((_, i) => i % 4 === column).reduce((sum, value) => sum + value / 400, 0);
    assert.ok(Math.abs(mean - row[column]) < 0.5, `column ${column}: ${mean} around ${row[column]}`);
  }
  await refuse(
    folder,
    "sample run --around d.csv --row 301 --out n.npy",
    /--row: found 301, expected at most the 300/,
  );
  await refuse(folder, "sample run --row 3 --out n.npy", /--row: found 3 without --around/);
});

test("with classes each has its statistics, and the same fit gives the same file", async () => {
  const fit = `fit d.csv --condition label --method ssl --augment jitter=0.2 --copies 3 ${small}`;
  await succeed(folder, `${fit} --set-statistics encoder --out first`);
  await succeed(folder, `${fit} --set-statistics encoder --out second`);
  assert.deepEqual(
    await bytes(folder, "first/model.safetensors"),
    await bytes(folder, "second/model.safetensors"),
  );
  await succeed(folder, "sample first --condition 1 --count 4 --out s.npy");
  await succeed(folder, "classify first --data d.csv --latents mi:2");
  assert.match(
    (await succeed(folder, "check first")).stdout,
    /model +Self-supervised GIN finds latents by augmented/,
  );
  const profile = await json<{ profile: { operations: { operation: string; share: number }[] } }>(
    folder,
    `fit d.csv --condition label --method ssl --augment jitter=0.2 ${small} --epochs 30 --profile --out p`,
  );
  const share = profile.profile.operations.find(({ operation }) => operation === "augmentation")?.share;
  assert.ok(share !== undefined && share > 0 && share < 1);
});

test("what cannot be augmented is refused in a sentence", async () => {
  const fit = (options: string) => `fit d.csv --condition label --method ssl ${options} --out n`;
  await refuse(folder, fit(""), /option --augment: missing, expected what makes other samples/);
  await refuse(
    folder,
    fit("--augment blur=1"),
    /option --augment: found "blur=1", expected some of translate=0\.1/,
  );
  await refuse(
    folder,
    fit("--augment rotate=5"),
    /option --augment: found rotate for vectors, expected images/,
  );
  await refuse(
    folder,
    fit("--augment noise:y=1"),
    /option --augment: found noise along "y", expected columns/,
  );
  await refuse(folder, fit("--augment jitter=0.1 --copies 0"), /--copies/);
  await refuse(
    folder,
    "fit d.csv --condition label --augment jitter=1 --out n",
    /--augment: found with --method gin/,
  );
  await refuse(folder, "fit d.csv --out n", /without a condition.*--method ssl --augment/);
});

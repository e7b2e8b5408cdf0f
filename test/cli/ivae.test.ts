import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { bytes, json, refuse, succeed, text, values, workFolder } from "./support.js";

const folder = workFolder();
const small = "--width 8 --depth 1 --epochs 3 --seed 1 --threads 1 --quiet";

before(async () => {
  await succeed(
    folder,
    "generate segments --segments 6 --length 60 --sources 3 --seed 2 --out d.csv --truth z.npy",
  );
  await succeed(folder, `fit d.csv --condition segment --method ivae ${small} --truth z.npy --out run`);
});

test("a run of iVAE has the files of any run, and every verb that can takes it", async () => {
  const record = JSON.parse(await text(folder, "run/run.json"));
  assert.deepEqual([record.status, record.method], ["finished", "ivae"]);
  assert.match(await text(folder, "run/report.html"), /iVAE.*Comparison with the truth/s);
  const metrics = (await text(folder, "run/metrics.jsonl")).trimEnd().split("\n");
  assert.deepEqual(
    metrics.map((line) => JSON.parse(line).learningRate),
    [0.003, 0.003, 0.0003],
  );
  assert.match(
    (await succeed(folder, "inspect run")).stdout,
    /^model +iVAE, 3 latents, learned gaussian prior/,
  );
  await succeed(folder, "encode run --data d.csv --out w.npy");
  assert.equal((await values(folder, "w.npy")).length, 360 * 3);
  await succeed(folder, "decode run --data w.npy --out x.npy");
  await succeed(folder, "sample run --condition 1 --count 4 --out s.csv");
  await succeed(folder, "sample run --condition 1 --count 4 --observation-noise --out n.csv");
  const [means, noisy] = [await text(folder, "s.csv"), await text(folder, "n.csv")];
  assert.equal(means.split("\n").length, noisy.split("\n").length);
  assert.notEqual(means, noisy);
  await succeed(folder, "traverse run --latent 0 --out t.svg");
  const found = await json<{ mcc: number; logLikelihood: number; evidenceLowerBound: number }>(
    folder,
    "evaluate run --data d.csv --truth z.npy --threads 1",
  );
  assert.ok(found.mcc > 0 && found.mcc <= 1);
  assert.ok(found.evidenceLowerBound <= found.logLikelihood, JSON.stringify(found));
});

test("the same fit gives the same file; what needs the class says so", async () => {
  await succeed(folder, `fit d.csv --condition segment --method ivae ${small} --truth z.npy --out again`);
  assert.deepEqual(
    await bytes(folder, "again/model.safetensors"),
    await bytes(folder, "run/model.safetensors"),
  );
  await refuse(
    folder,
    "classify run --data d.csv --latents mi:2",
    /iVAE: the encoder of this model takes the class of each sample/,
  );
  const [head, first, ...others] = (await text(folder, "d.csv")).split("\n");
  const unknown = first.replace(/[^,]*$/, "77");
  await writeFile(join(folder, "unknown.csv"), [head, unknown, ...others].join("\n"));
  await writeFile(join(folder, "bare.csv"), (await text(folder, "d.csv")).replace(/,[^,\n]*$/gm, ""));
  await refuse(
    folder,
    "encode run --data bare.csv --out w.npy",
    /no condition column "segment" .*; iVAE needs it to encode, expected --condition or --labels/,
  );
  await refuse(
    folder,
    "attack run --data d.csv --latents mi:2",
    /takes the class of each sample, .*--encoder x/,
  );
  await refuse(folder, "encode run --data unknown.csv --out w.npy", /unknown\.csv.*77/);
  await succeed(folder, `fit d.csv --condition segment --method ivae --encoder x ${small} --out plain`);
  await succeed(folder, "classify plain --data d.csv --latents mi:2");
});

test("the VAE family fits data with and without a condition", async () => {
  for (const [method, more] of [
    ["vae", "--weights 1,2,1,1"],
    ["beta-vae", "--beta 2"],
    ["beta-tcvae", "--beta 3"],
  ]) {
    await succeed(
      folder,
      `fit d.csv --condition segment --method ${method} ${more} ${small} --out ${method}`,
    );
    await succeed(folder, `encode ${method} --data d.csv --out v.npy`);
  }
  await refuse(
    folder,
    "fit d.csv --condition segment --method vae --encoder xu --out n",
    /--encoder: found with --method vae, which does not take it/,
  );
  await refuse(
    folder,
    "fit d.csv --condition segment --method ivae --latents 4 --out n",
    /option --latents: found 4, expected at most the 3 columns that vary/,
  );
});

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
  await succeed(folder, `fit d.csv --condition segment --method tcl ${small} --truth z.npy --out run`);
});

test("a run of TCL has the files of any run, tells its accuracy, and takes the verbs that need no way back", async () => {
  const record = JSON.parse(await text(folder, "run/run.json"));
  assert.deepEqual([record.status, record.method], ["finished", "tcl"]);
  assert.match(await text(folder, "run/report.html"), /TCL.*log-probability of the class/s);
  const { stdout } = await succeed(folder, "inspect run");
  assert.match(stdout, /^model +TCL, 3 latents of 3 features, .* % of held-out classes told right \(chance/);
  assert.match(stdout, /log-probability of the class, in nats: training -\d/);
  await succeed(folder, "encode run --data d.csv --out w.npy");
  assert.equal((await values(folder, "w.npy")).length, 360 * 3);
  await succeed(folder, "classify run --data d.csv --latents mi:2");
  const found = await json<{ mcc: number; logLikelihood: number | null }>(
    folder,
    "evaluate run --data d.csv --truth z.npy --threads 1",
  );
  assert.ok(found.mcc > 0 && found.mcc <= 1);
  assert.equal(found.logLikelihood ?? null, null);
});

test("what it cannot do it says; the same fit gives the same file", async () => {
  const none = /TCL: its features tell classes apart, and there is no way back from them to data/;
  await refuse(folder, "decode run --data w.npy --out x.npy", none);
  await refuse(folder, "sample run --condition 1 --count 4 --out s.csv", none);
  await refuse(folder, "traverse run --latent 0 --out t.svg", none);
  await refuse(folder, "fit d.csv --condition segment --method tcl --volume mean --out no", /--volume/);
  await succeed(folder, `fit d.csv --condition segment --method tcl ${small} --truth z.npy --out again`);
  assert.deepEqual(
    await bytes(folder, "again/model.safetensors"),
    await bytes(folder, "run/model.safetensors"),
  );
});

test("evaluate compares with magnitudes where it is asked to, and says that TCL's latents are such", async () => {
  const line = "evaluate run --data d.csv --truth z.npy";
  assert.match((await succeed(folder, line)).stderr, /note: the latents of TCL are .*--truth-magnitude/);
  const { stdout, stderr } = await succeed(folder, `${line} --truth-magnitude`);
  assert.match(stdout, /^d\.csv: 360 samples, compared with the magnitudes of the true components\n/);
  assert.doesNotMatch(stderr, /--truth-magnitude/);
  const magnitudes = (await values(folder, "z.npy")).map(Math.abs);
  await writeFile(join(folder, "magnitudes.csv"), csv(magnitudes, 3));
  const [asked, given] = await Promise.all([
    json<{ metrics: unknown }>(folder, `${line} --truth-magnitude`),
    json<{ metrics: unknown }>(folder, "evaluate run --data d.csv --truth magnitudes.csv"),
  ]);
  assert.deepEqual(asked.metrics, given.metrics);
  const fit = `fit d.csv --condition segment --method tcl ${small} --truth z.npy`;
  const told = async (more: string) =>
    (await json<{ truth: { mcc: number } }>(folder, `${fit} ${more}`)).truth.mcc;
  assert.notEqual(await told("--truth-magnitude --out magnitude"), await told("--out value"));
  const again = await succeed(folder, `${fit} --truth-magnitude --overwrite --out magnitude`);
  assert.match(again.stdout, /^MCC with the magnitudes of the truth: /m);
  assert.match(await text(folder, "magnitude/report.html"), /\|true 0\| and latent/);
});

const csv = (table: Float32Array, width: number): string =>
  Array.from({ length: table.length / width }, (_, row) =>
    [...table.subarray(row * width, (row + 1) * width)].join(","),
  ).join("\n");

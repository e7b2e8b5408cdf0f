import assert from "node:assert/strict";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { bytes, json, refuse, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const fit = "fit d.csv --condition label --epochs 1 --quiet";

before(() => succeed(folder, "generate mixture --samples 200 --out d.csv --truth z.npy"));

test("a finished run is replaced only with --overwrite, and not by a fit that cannot start", async () => {
  await succeed(folder, `${fit} --out run`);
  const model = await bytes(folder, "run/model.safetensors");
  await refuse(
    folder,
    `${fit} --out run --seed 5`,
    /run: already holds a finished run; .*--out, or add --overwrite/,
  );
  await refuse(folder, `${fit} --out run --overwrite --final-epochs 9`, /option --final-epochs: found 9/);
  await refuse(folder, "fit d.csv --out run --overwrite", /not identifiable: .*--condition COLUMN/);
  assert.deepEqual(await bytes(folder, "run/model.safetensors"), model);
  await succeed(folder, `${fit} --out run --seed 5 --overwrite`);
  assert.notDeepEqual(await bytes(folder, "run/model.safetensors"), model);
});

test("files of other people stay, and are not written over", async () => {
  await mkdir(join(folder, "mine"));
  await writeFile(join(folder, "mine", "notes.txt"), "keep");
  await succeed(folder, `${fit} --out mine`);
  await succeed(folder, `${fit} --out mine --overwrite`);
  assert.equal(await text(folder, "mine/notes.txt"), "keep");
  await mkdir(join(folder, "theirs"));
  await writeFile(join(folder, "theirs", "report.html"), "keep");
  await refuse(folder, `${fit} --out theirs`, /already holds a file report\.html that is not of a run/);
  assert.deepEqual(await readdir(join(folder, "theirs")), ["report.html"]);
});

test("a file is no folder for a run, and an input no output", async () => {
  await refuse(folder, `${fit} --out d.csv`, /d\.csv: found a file, expected a folder/);
  await succeed(folder, `${fit} --out source`);
  await refuse(folder, "encode source --data d.csv --out d.csv", /which is the input, expected another file/);
  await refuse(folder, "generate mixture --out y.csv --truth y.csv", /option --truth: .*also --out/);
});

test("what a killed process left behind is cleared away", async () => {
  await mkdir(join(folder, "stale"));
  const name = ".checkpoint.safetensors.123e4567-e89b-12d3-a456-426614174000.tmp";
  await writeFile(join(folder, "stale", name), "half");
  await succeed(folder, `${fit} --out stale`);
  assert.deepEqual((await readdir(join(folder, "stale"))).sort(), [
    "metrics.jsonl",
    "model.safetensors",
    "report.html",
    "run.json",
    "scores.json",
  ]);
});

test("the demo finds the two latents, and replaces only its own folder", async () => {
  const { stdout } = await succeed(folder, "demo --epochs 40 --quiet");
  assert.match(stdout, /^Informative latents: /m);
  assert.match(stdout, /^MCC with the truth: 0\.9/m);
  assert.match(stdout, /^Report: unmix-demo.report\.html/m);
  const { truth } = await json<{ truth: { mcc: number } }>(folder, "demo --epochs 2");
  assert.ok(truth.mcc > 0.5);
  assert.deepEqual((await readdir(join(folder, "unmix-demo"))).sort(), [
    "d.csv",
    "metrics.jsonl",
    "model.safetensors",
    "report.html",
    "run.json",
    "scores.json",
    "z.npy",
  ]);
  await refuse(folder, "demo --out run", /run: holds files that are not of a demo/);
});

test("models kept on the way are whole, and go with the run that they belong to", async () => {
  const kept = "fit d.csv --condition label --quiet --epochs 4 --out stages";
  const { stdout } = await succeed(folder, `${kept} --keep-every 2`);
  assert.match(stdout, /Fitted/);
  assert.deepEqual(await readdir(join(folder, "stages", "stages")), [
    "epoch-002.safetensors",
    "epoch-004.safetensors",
  ]);
  for (const [model, latents] of [
    ["stages/stages/epoch-002.safetensors", "early.npy"],
    ["stages/stages/epoch-004.safetensors", "late.npy"],
    ["stages", "end.npy"],
  ])
    await succeed(folder, `encode ${model} --data d.csv --out ${latents}`);
  assert.deepEqual(await bytes(folder, "late.npy"), await bytes(folder, "end.npy"));
  assert.notDeepEqual(await bytes(folder, "early.npy"), await bytes(folder, "end.npy"));
  await succeed(folder, `${kept} --overwrite`);
  assert.equal((await readdir(join(folder, "stages"))).includes("stages"), false);
});

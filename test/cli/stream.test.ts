import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { appendFile, copyFile, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { isTooLarge } from "../../src/cli/fit-data.js";
import { bytes, json, refuse, start, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const fit = "fit d.csv --condition label --seed 3 --batch 50 --checkpoint-every 0.2";
const samplesIn = (run: string) => existsSync(join(folder, run, "samples.bin"));

before(async () => {
  await succeed(folder, "generate mixture --samples 3000 --seed 2 --out d.csv --truth z.npy");
  await succeed(folder, "generate mixture --samples 3000 --seed 2 --out d.npy --labels l.npy");
  await succeed(folder, "generate mixture --samples 2000 --seed 2 --out short.csv --truth short.npy");
});

test("a fit that reads a small file from disk gives the model of one that reads it into memory", async () => {
  const inMemory = await json<{ truth: unknown }>(folder, `${fit} --epochs 3 --out memory --truth z.npy`);
  const { stderr } = await succeed(folder, `${fit} --epochs 3 --out disk --stream on`);
  assert.match(stderr, /note: copying d\.csv to disk.samples\.bin/);
  assert.match(stderr, /note: copied 3,000 samples in/);
  const model = await bytes(folder, "memory/model.safetensors");
  assert.deepEqual(await bytes(folder, "disk/model.safetensors"), model);
  assert.equal(samplesIn("disk"), false);
  assert.equal(existsSync(join(folder, "disk", "samples.json")), false);
  const { data } = JSON.parse(await text(folder, "disk/run.json"));
  assert.deepEqual([data.samples, data.streamed.drawn], [3000, 3000]);
  assert.equal(JSON.parse(await text(folder, "memory/run.json")).data.streamed, undefined);
  const array =
    "fit d.npy --labels l.npy --seed 3 --batch 50 --epochs 3 --stream on --out array --truth z.npy";
  assert.deepEqual((await json<{ truth: unknown }>(folder, array)).truth, inMemory.truth);
});

test("what a fit from disk held out is known afterwards, and not taken for unseen rows", async () => {
  await succeed(folder, `${fit} --epochs 1 --out seen --stream on`);
  const { rows } = await json<{ rows: string }>(folder, "inspect seen --data d.csv --criterion mi");
  assert.equal(rows, "the 300 rows that the fit held out");
});

test("files of other people are not taken for samples", async () => {
  await mkdir(join(folder, "theirs"));
  await writeFile(join(folder, "theirs", "samples.bin"), "keep");
  for (const stream of ["on", "off"]) {
    await refuse(
      folder,
      `${fit} --out theirs --stream ${stream}`,
      /holds a file samples\.bin that is not of a run/,
    );
  }
  assert.equal(await text(folder, "theirs/samples.bin"), "keep");
});

test("a copy that is interrupted leaves nothing behind", { skip: process.platform === "win32" }, async () => {
  execFileSync("mkfifo", [join(folder, "pipe.csv")]);
  const { child, outcome } = start(folder, "fit pipe.csv --condition u --stream on --out halfway");
  const pipe = await open(join(folder, "pipe.csv"), "r+");
  await pipe.write("a,b,u\n1,2,3\n");
  const copying = new Promise((resolve) =>
    child.stderr?.on("data", (said) => `${said}`.includes("copying") && resolve(said)),
  );
  await Promise.race([copying, outcome]);
  child.kill("SIGINT");
  await pipe.write("1,2,3\n".repeat(5000));
  await pipe.close();
  const { code, stderr } = await outcome;
  assert.equal(code, 130);
  assert.match(stderr, /Interrupted while the data were copied; run the command again/);
  assert.equal(existsSync(join(folder, "halfway")), false);
});

test("a killed fit goes on from the copy of its data, to the model of one that was not", async () => {
  const long = `${fit} --epochs 60 --stream on`;
  await succeed(folder, `${long} --out whole`);
  const since = Date.now();
  const { child, outcome } = start(folder, `${long} --out killed`);
  const checkpoint = join(folder, "killed", "checkpoint.safetensors");
  for (let waited = 0; !existsSync(checkpoint) || statSync(checkpoint).mtimeMs <= since; waited += 20) {
    assert.ok(waited < 20_000, "no checkpoint within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  await outcome;
  assert.ok(samplesIn("killed"));
  await refuse(
    folder,
    `${fit} --epochs 60 --stream off --out killed --resume`,
    /--stream: found off, expected on/,
  );
  const { stderr } = await succeed(folder, `${fit} --epochs 60 --out killed --resume`);
  assert.doesNotMatch(stderr, /copying/);
  const model = await bytes(folder, "whole/model.safetensors");
  assert.deepEqual(await bytes(folder, "killed/model.safetensors"), model);
  assert.equal(samplesIn("killed"), false);
});

test("a copy is made anew where the data have changed since, and then they are refused", async () => {
  await copyFile(join(folder, "d.csv"), join(folder, "e.csv"));
  const changed = fit.replace("d.csv", "e.csv");
  const { child, outcome } = start(folder, `${changed} --epochs 100000 --stream on --out changed`);
  const checkpoint = join(folder, "changed", "checkpoint.safetensors");
  for (let waited = 0; !existsSync(checkpoint); waited += 20) {
    assert.ok(waited < 20_000, "no checkpoint within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGINT");
  assert.equal((await outcome).code, 130);
  assert.ok(samplesIn("changed"));
  await appendFile(join(folder, "e.csv"), `${"0.1,".repeat(10)}1\n`);
  const again = await start(folder, `${changed} --epochs 100000 --out changed --resume`).outcome;
  assert.equal(again.code, 2);
  assert.match(again.stderr, /copying e\.csv/);
  assert.match(again.stderr, /e\.csv: not the data of the interrupted fit in changed/);
});

test("what cannot be read from disk is refused, and bad data leave nothing behind", async () => {
  await refuse(
    folder,
    "fit mnist --stream on --out no",
    /mnist: cannot be read portion by portion, expected a file of/,
  );
  await refuse(
    folder,
    "fit d.csv --method pca --stream on --out no",
    /option --stream: found on with --method pca, which needs all data in memory, expected off/,
  );
  await refuse(
    folder,
    "fit d.csv --stream on --out no",
    /without a condition, such as the class of each row/,
  );
  const short = await start(folder, `${fit} --stream on --truth short.npy --out no --quiet`).outcome;
  assert.match(short.stderr, /short\.npy: found 2,000 rows, expected 3,000, one for each sample of d\.csv/);
  await appendFile(join(folder, "short.csv"), "word,2\n");
  const bad = "fit short.csv --condition label --stream on --out no --quiet";
  await refuse(folder, bad, /short\.csv, row 2001 .*: found 2 cells, expected 11/);
  assert.equal(existsSync(join(folder, "no")), false);
});

test("data are too large from a quarter of memory on", () => {
  const memory = 16 * 2 ** 30;
  assert.equal(isTooLarge(2 ** 30, memory), false);
  assert.equal(isTooLarge(2 ** 30 + 1, memory), true);
});

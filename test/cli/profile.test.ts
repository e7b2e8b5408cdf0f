import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Profile } from "../../src/engine/profile/profile.js";
import { bytes, json, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const fit = "fit d.csv --condition label --seed 1 --batch 100 --epochs 10";

before(() => succeed(folder, "generate mixture --classes 5 --samples 400 --seed 1 --out d.csv"));

for (const threads of [1, 2]) {
  test(`--profile tells where the time goes and changes no bit of the model (threads: ${threads})`, async () => {
    const command = `${fit} --threads ${threads}`;
    const { profile } = await json<{ profile: Profile }>(
      folder,
      `${command} --out profiled --profile --overwrite`,
    );
    await succeed(folder, `${command} --out plain --overwrite`);
    assert.deepEqual(
      await bytes(folder, "profiled/model.safetensors"),
      await bytes(folder, "plain/model.safetensors"),
    );
    assert.deepEqual(JSON.parse(await text(folder, "profiled/profile.json")), profile);
    await assert.rejects(bytes(folder, "plain/profile.json"));
    assert.equal(profile.threads, threads);
    // 360 samples in 4 batches, 10 times.
    assert.equal(profile.steps, 40);
    const names = profile.operations.map(({ operation }) => operation);
    for (const name of ["linear forward", "linear dX", "linear dW", "coupling backward", "loss", "Adam"]) {
      assert.ok(names.includes(name), name);
    }
    assert.equal(names.includes("waiting for other threads"), threads > 1);
    const shares = profile.operations.reduce((sum, { share }) => sum + share, 0);
    assert.ok(Math.abs(shares - 1) < 1e-9, `${shares}`);
    assert.deepEqual(
      profile.between.map(({ operation }) => operation).filter((name) => /shuffling|held-out/.test(name))
        .length,
      2,
    );
  });
}

test("without --json the profile is a table below the summary", async () => {
  const { stdout } = await succeed(folder, `${fit} --threads 1 --out table --profile --quiet`);
  assert.match(stdout, /Report: .*\n\nA step takes [\d.]+ m?s on one thread\. Looked into \d+ of 40 steps/);
  assert.match(stdout, /Peaks of one core here: [\d.]+ GFLOP\/s \(128-bit multiply-add, relaxed build\)/);
  assert.match(stdout, /^operation +calls +us +share +GFLOP\/s +of peak +GB\/s$/m);
  assert.match(stdout, /^linear dW +48 +\d+ +[\d.]+ % +[\d.]+ +[\d.]+ % +[\d.]+$/m);
  assert.match(stdout, /^ {2}10 -> 10 +32 /m);
  assert.match(stdout, /^between steps: shuffling +[\d.]+$/m);
});

test("a fit of few steps says that they are too few", async () => {
  const { stderr } = await succeed(folder, "fit d.csv --condition label --epochs 2 --out short --profile");
  assert.match(stderr, /too few training steps for a profile/);
  await assert.rejects(bytes(folder, "short/profile.json"));
});

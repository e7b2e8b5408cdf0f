import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { bytes, refuse, start, succeed, text, workFolder } from "./support.js";

const folder = workFolder();
const fit =
  "fit d.csv --condition label --seed 3 --epochs 180 --batch 50 --restarts 2 --checkpoint-every 0.2";

before(async () => {
  await succeed(folder, "generate mixture --samples 3000 --seed 2 --out d.csv");
  await succeed(folder, `${fit} --out whole`);
});

/** Waits until a checkpoint newer than `since` stands in the folder, which shows that training is under way. */
async function untilCheckpoint(out: string, since: number): Promise<void> {
  const file = join(folder, out, "checkpoint.safetensors");
  const isNew = () => existsSync(file) && statSync(file).mtimeMs > since;
  for (let waited = 0; !isNew(); waited += 20) {
    assert.ok(waited < 20_000, "no checkpoint within 20 seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function epochsOf(out: string): Promise<unknown[]> {
  const lines = (await text(folder, `${out}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => {
    const { seconds, ...rest } = JSON.parse(line);
    assert.ok(seconds > 0);
    return rest;
  });
}

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGKILL", null],
] as const) {
  test(`a fit ended by ${signal} and resumed gives the same model bit for bit`, async () => {
    const out = signal.toLowerCase();
    for (const resume of ["", "--resume"]) {
      const since = Date.now();
      const { child, outcome } = start(folder, `${fit} --out ${out} ${resume}`);
      await untilCheckpoint(out, since);
      child.kill(signal);
      const { code: found, stdout, stderr } = await outcome;
      assert.equal(found, code, stderr);
      assert.equal(stdout, "");
      if (code !== null) {
        assert.match(stderr, /unmix: Interrupted at epoch \d+; go on with: unmix fit d\.csv .* --resume\n$/);
        assert.equal(JSON.parse(await text(folder, `${out}/run.json`)).status, "interrupted");
      }
      assert.equal(existsSync(join(folder, out, "model.safetensors")), false);
    }
    await refuse(folder, `${fit} --out ${out}`, /not finished; add --resume to go on/);
    await refuse(folder, `inspect ${out}`, /not finished; go on with/);
    await refuse(
      folder,
      `${fit} --out ${out} --resume --batch 60`,
      /option --batch: found 60, expected 50 as in the interrupted/,
    );
    // Which sets the prior's rate and the schedule as well.
    await refuse(
      folder,
      `${fit} --out ${out} --resume --lr 0.1`,
      /option --lr: found 0\.1, expected nothing as/,
    );
    await succeed(folder, `${fit} --out ${out} --resume`);
    assert.deepEqual(
      await bytes(folder, `${out}/model.safetensors`),
      await bytes(folder, "whole/model.safetensors"),
    );
    assert.deepEqual(await epochsOf(out), await epochsOf("whole"));
    assert.equal(existsSync(join(folder, out, "checkpoint.safetensors")), false);
  });
}

test("to resume what is finished is nothing to do, and what never was starts anew", async () => {
  const { stderr } = await succeed(folder, `${fit} --out whole --resume`);
  assert.match(stderr, /^whole: the fit is finished, there is nothing to do\n$/);
  await succeed(folder, "fit d.csv --condition label --epochs 1 --out fresh --resume");
});

test("a second fit in the folder of one that is at work is refused, and leaves it alone", async () => {
  const since = Date.now();
  const long = "fit d.csv --condition label --epochs 1000000 --checkpoint-every 0.2 --out busy";
  const { child, outcome } = start(folder, long);
  await untilCheckpoint("busy", since);
  const refused = /busy: another fit is at work there \(process \d+\)/;
  await refuse(folder, `${long} --resume`, refused);
  await refuse(folder, `${long} --overwrite`, refused);
  const sinceRefused = Date.now();
  await untilCheckpoint("busy", sinceRefused);
  child.kill("SIGINT");
  assert.equal((await outcome).code, 130);
  assert.equal(existsSync(join(folder, "busy", "fit.lock")), false);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { readDataset } from "../../src/data/read.js";
import { json, refuse, succeed, values, workFolder } from "./support.js";

const folder = workFolder();

before(async () => {
  await succeed(
    folder,
    "generate mixture --latent beta --classes 4 --samples 800 --features 3 --seed 3 --out d.csv --truth z.npy",
  );
  await succeed(folder, "fit d.csv --condition label --latent beta --epochs 5 --out run --quiet");
});

test("encode writes values on the support, and decode takes them", async () => {
  const truth = await values(folder, "z.npy");
  assert.ok(truth.every((value) => value > 0 && value < 1));
  await succeed(folder, "encode run --data d.csv --out w.npy");
  const latents = await values(folder, "w.npy");
  assert.equal(latents.length, 3 * 800);
  assert.ok(latents.every((value) => value > 0 && value < 1));
  await succeed(folder, "decode run --data w.npy --out x.csv");
  const data = await readDataset(join(folder, "d.csv"), { condition: "label" });
  const again = await values(folder, "x.csv");
  data.features.forEach((x, i) => {
    assert.ok(Math.abs(x - again[i]) < 1e-2, `${x}, ${again[i]}`);
  });
});

test("what needs p(w|u) works with the family's", async () => {
  const { condition, samples } = await json<{ condition: null; samples: number }>(
    folder,
    "sample run --count 5 --seed 2 --out s.csv",
  );
  assert.deepEqual([condition, samples], [null, 20]);
  await succeed(folder, "sample run --condition 2 --count 5 --seed 2 --out one.npy");
  const one = await values(folder, "one.npy");
  const all = (await readDataset(join(folder, "s.csv"), { condition: "label" })).features;
  for (let row = 0; row < 5; row++)
    for (let i = 0; i < 3; i++) assert.ok(Math.abs(one[3 * row + i] - all[3 * (4 * row + 2) + i]) < 1e-4);
  const { accuracy } = await json<{ accuracy: number }>(folder, "classify run --data d.csv --latents mi:3");
  assert.ok(accuracy > 0.3, `${accuracy}`);
  const { mcc } = await json<{ mcc: number }>(folder, "evaluate run --data d.csv --truth z.npy");
  assert.ok(mcc > 0.2 && mcc <= 1);
  await succeed(folder, "traverse run --latent 0 --out t.csv");
  await succeed(folder, "inspect run");
});

test("a family that does not exist is refused", async () => {
  await refuse(
    folder,
    "fit d.csv --condition label --latent weibull --out other",
    /option --latent: found "?weibull/,
  );
});

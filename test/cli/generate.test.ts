import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readDataset } from "../../src/data/index.js";
import { simulateSegments } from "../../src/simulate/segments.js";
import { bytes, json, succeed, values, workFolder } from "./support.js";

const folder = workFolder();
const segments = "generate segments --segments 4 --length 30 --sources 3 --seed 2";

test("generate segments writes the library's data and truth, and reports the mixing", async () => {
  const options = "--no-centred --latent laplace --features 4 --layers 2 --activation leaky-relu --noise 0.1";
  const report = await json<Record<string, unknown>>(
    folder,
    `${segments} ${options} --out d.csv --truth z.npy`,
  );
  const expected = simulateSegments({
    segments: 4,
    length: 30,
    sources: 3,
    seed: 2,
    centred: false,
    latent: "laplace",
    features: 4,
    layers: 2,
    activation: "leaky-relu",
    noise: 0.1,
  });
  const written = await readDataset(join(folder, "d.csv"), { condition: "segment" });
  assert.deepEqual([...written.features], [...expected.dataset.features]);
  assert.deepEqual(written.condition, expected.dataset.condition);
  assert.deepEqual([...(await values(folder, "z.npy"))], [...expected.truth]);
  assert.deepEqual(report.means, expected.means);
  assert.deepEqual(report.deviations, expected.deviations);
  const { layers } = expected.mixing;
  assert.deepEqual(
    report.conditionNumbers,
    layers.map(({ conditionNumber }) => conditionNumber),
  );
  assert.deepEqual(
    report.conditionNumberBounds,
    layers.map(({ bound }) => bound),
  );
});

test("generate segments repeats itself, and says the condition numbers", async () => {
  const { stdout } = await succeed(folder, `${segments} --out once.csv`);
  await succeed(folder, `${segments} --out again.csv`);
  assert.deepEqual(await bytes(folder, "again.csv"), await bytes(folder, "once.csv"));
  const [, named] = /Condition number of the mixing, layer by layer: (.*)/.exec(stdout) ?? [];
  const { mixing } = simulateSegments({ segments: 4, length: 30, sources: 3, seed: 2 });
  assert.equal(named, mixing.layers.map(({ conditionNumber }) => conditionNumber.toFixed(2)).join(", "));
});

test("generate segments writes coins and a staircase on request", async () => {
  const line = `${segments} --observations bernoulli --staircase --out coins.npy --labels coins-labels.npy`;
  const { means } = await json<{ means: number[][] }>(folder, line);
  assert.deepEqual(means.map(([first]) => first).toSorted(), [0, 3, 6, 9]);
  assert.ok((await values(folder, "coins.npy")).every((value) => value === 0 || value === 1));
});

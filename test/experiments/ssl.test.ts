import assert from "node:assert/strict";
import { before, test } from "node:test";
import { pixelMap, resample, STANDSTILL } from "../../src/augment/affine.js";
import type { ConditionedDataset } from "../../src/data/check.js";
import { selectSamples } from "../../src/data/split.js";
import { InputError } from "../../src/errors.js";
import { type Inputs, NO_INPUTS } from "../../src/experiments/inputs.js";
import {
  type AugmentedMeasures,
  augmentedStudy,
  isFound,
  isLatentFound,
} from "../../src/experiments/ssl/augmented-study.js";
import { sslBenefit } from "../../src/experiments/ssl/benefit.js";
import { sslDigits } from "../../src/experiments/ssl/digits.js";
import { sslDigitsStudy } from "../../src/experiments/ssl/digits-study.js";
import { MOTIONS, motionCorrelations } from "../../src/experiments/ssl/motion-correlations.js";
import { fitGin } from "../../src/models/gin/fit.js";
import { fitSsl } from "../../src/models/ssl/fit.js";
import { images } from "../support/datasets.js";
import { expectConclusions } from "./support.js";

const SIDE = 12;
const data = images(SIDE, SIDE, 90) as ConditionedDataset;
const tests = selectSamples(
  data,
  Array.from({ length: 30 }, (_, i) => 60 + i),
);

let inputs: Inputs;
before(async () => {
  const model = await fitSsl(data, {
    augment: "translate=0.1,rotate=5",
    epochs: 1,
    batch: 20,
    seed: 1,
    width: 8,
    threads: 1,
  });
  const supervised = await fitGin(data, { epochs: 1, batch: 30, seed: 1, width: 8, threads: 1 });
  inputs = {
    run: {
      name: "run",
      seed: 1,
      command: "unmix fit",
      stages: [{ epoch: 1, digest: "d", load: async () => model }],
      data: async () => data,
    },
    data: [{ name: "test", digest: "t", read: async () => tests }],
    models: [{ name: "supervised", digest: "s", load: async () => supervised }],
  };
});

const context = () => ({ threads: 1, progress: () => {}, inputs });

test("a trial along both latents repeats, finds them, and its measures fit their own schema", async () => {
  const settings = { dimensions: 2, noise: 0, samples: 600, copies: 10, epochs: 12 };
  const measures = await augmentedStudy.run(settings, 1, { ...context(), inputs: NO_INPUTS });
  assert.deepEqual(augmentedStudy.measures.parse(measures), measures);
  assert.deepEqual(await augmentedStudy.run(settings, 1, context()), measures);
  assert.notDeepEqual(
    (await augmentedStudy.run({ ...settings, dimensions: 1 }, 1, context())).mcc,
    measures.mcc,
  );
  const trial = (changes: Partial<AugmentedMeasures>) => ({
    case: { name: "", settings },
    seed: 1,
    seconds: { elapsed: 1, processor: null },
    measures: { ...measures, ...changes },
    failure: null,
  });
  assert.equal(isFound(trial({ mcc: 0.951 })), true);
  assert.equal(isFound(trial({ mcc: 0.949 })), false);
  assert.deepEqual(
    [0, 1].map((k) => isLatentFound(trial({ correlations: [0.96, 0.94] }), k)),
    [true, false],
  );
  assert.equal(isFound({ ...trial({}), measures: null, failure: "no" }), false);
  expectConclusions(augmentedStudy.name, measures);
});

test("a latent that is the centre of an image's brightness follows its shifts, and nothing else", () => {
  const shape = { channels: 1, height: SIDE, width: SIDE };
  const centre = (SIDE - 1) / 2;
  const blob = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [row, column] = [Math.floor(i / SIDE) - centre, (i % SIDE) - centre];
    return Math.exp(-(row ** 2 + column ** 2) / 4);
  });
  const count = 40;
  const many = new Float32Array(count * blob.length);
  for (let n = 0; n < count; n++) {
    const map = pixelMap({ ...STANDSTILL, factor: 1 + n / 100 }, shape);
    resample(blob, 0, many, n * blob.length, map, shape, shape);
  }
  const centres = (pictures: Float32Array) => {
    const found = new Float32Array((2 * pictures.length) / blob.length);
    pictures.forEach((value, k) => {
      const [n, i] = [Math.floor(k / blob.length), k % blob.length];
      found[2 * n] += value * ((i % SIDE) - centre);
      found[2 * n + 1] += value * (Math.floor(i / SIDE) - centre);
    });
    return found;
  };
  const found = motionCorrelations(many, shape, centres);
  const named = Object.fromEntries(MOTIONS.map(({ name }, k) => [name, found[k]]));
  const [right, down] = [named["shift right"], named["shift down"]];
  assert.ok(right[0] > 0.9 && down[1] > 0.9, JSON.stringify(named));
  assert.ok(right[1] < 0.4 && down[0] < 0.4, JSON.stringify(named));
});

test("a model of digits is looked at from all sides", async () => {
  const [{ settings }] = sslDigits.cases("quick", inputs);
  const measures = await sslDigitsStudy.run(settings as never, 1, context());
  assert.deepEqual(sslDigitsStudy.measures.parse(measures), measures);
  // An untrained flow's latents are the pixels in another order.
  const pixels = Array.from({ length: SIDE * SIDE }, (_, j) => {
    const column = Array.from({ length: tests.samples }, (_, n) => tests.features[n * SIDE * SIDE + j]);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
  }).sort((a, b) => b - a);
  measures.untrained.forEach((deviation, k) => {
    assert.ok(Math.abs(deviation - pixels[k]) < 1e-3, `${deviation}, expected ${pixels[k]}`);
  });
  expectConclusions(sslDigitsStudy.name, measures, inputs);
  const foreign = {
    ...inputs,
    run: { ...inputs.run, stages: [{ epoch: 1, digest: "d", load: inputs.models[0].load }] },
  };
  const wrong = { ...context(), inputs: foreign as Inputs };
  await assert.rejects(sslDigitsStudy.run(settings as never, 1, wrong), InputError);
});

test("what the leading latents are good for is compared with PCA and pixels, and with a supervised model", async () => {
  const [{ settings }] = sslBenefit.cases("quick", inputs);
  assert.equal(settings.supervised, "s");
  const measures = (await sslBenefit.study.run(settings, 1, context())) as {
    counts: number[];
    curves: { name: string; accuracy: number[] }[];
  };
  assert.deepEqual(sslBenefit.study.measures.parse(measures), measures);
  assert.deepEqual(measures.counts, [5, 10]);
  const named = Object.fromEntries(measures.curves.map(({ name, accuracy }) => [name, accuracy]));
  assert.deepEqual(Object.keys(named), ["supervised GIN", "self-supervised GIN", "PCA", "pixels"]);
  for (const [name, accuracies] of Object.entries(named)) {
    assert.ok(
      accuracies.every((value) => value > 0.6 && value <= 1),
      `${name}: ${accuracies}`,
    );
  }
  expectConclusions(sslBenefit.study.name, measures, inputs);
  const [{ settings: without }] = sslBenefit.cases("quick", { ...inputs, models: [] });
  assert.equal(without.supervised, "none");
});

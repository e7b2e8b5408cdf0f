import assert from "node:assert/strict";
import { before, test } from "node:test";
import { selectSamples } from "../../src/data/split.js";
import { InputError } from "../../src/errors.js";
import { attackStudy } from "../../src/experiments/digits/attack-study.js";
import { digestOf } from "../../src/experiments/digits/data.js";
import { stageCases } from "../../src/experiments/digits/digits.js";
import { digitsStudy } from "../../src/experiments/digits/digits-study.js";
import { type Inputs, NO_INPUTS } from "../../src/experiments/inputs.js";
import { fitGin } from "../../src/models/gin/fit.js";
import { images } from "../support/datasets.js";
import { expectConclusions } from "./support.js";

const SIDE = 8;
const training = images(SIDE, SIDE, 240);
/** Other images of the same classes, and of one more. */
const tests = (() => {
  const all = images(SIDE, SIDE, 300);
  const labels = all.condition!.labels.map((label, n) => (n % 5 === 4 ? 2 : label));
  const features = all.features.map((value, k) =>
    labels[Math.floor(k / all.width)] === 2 ? 1 - 0.5 * value : value,
  );
  return { ...all, features, condition: { name: "axis", classes: ["down", "across", "neither"], labels } };
})();
const white = {
  ...selectSamples(training, [0, 1, 2, 3]),
  features: new Float32Array(4 * SIDE * SIDE).fill(1),
};

let inputs: Inputs;
before(async () => {
  const stages = await Promise.all(
    [1, 4].map(async (epochs) => {
      const model = await fitGin(training, { epochs, batch: 30, learningRate: 1e-3, seed: 1, width: 8 });
      return { epoch: epochs, digest: `digest${epochs}`, load: async () => model };
    }),
  );
  inputs = {
    run: { name: "run", seed: 1, command: "unmix fit", stages, data: async () => training },
    data: [
      { name: "test", digest: "t", read: async () => tests },
      { name: "white", digest: "w", read: async () => white },
    ],
    models: [],
  };
});

const context = () => ({ threads: 1, progress: () => {}, inputs });

test("every stage of a run is a case, told by its digest and that of the data", () => {
  const cases = stageCases("full", inputs);
  assert.deepEqual(
    cases.map(({ name, settings }) => [name, settings.model, settings.data]),
    [
      ["epoch 1", "digest1", "test-t white-w"],
      ["epoch 4", "digest4", "test-t white-w"],
    ],
  );
  assert.equal(digestOf(NO_INPUTS), "none");
});

test("a model of images is measured on classes that it knows, and has to tell the others", async () => {
  const settings = { ...stageCases("full", inputs)[1].settings };
  const measures = await digitsStudy.run(settings, 1, context());
  assert.deepEqual(digitsStudy.measures.parse(measures), measures);
  assert.equal(measures.images, tests.condition.labels.filter((label) => label < 2).length);
  assert.deepEqual(
    measures.outliers.map(({ name, images: count }) => [name, count]),
    [
      ["classes that the model does not know", 60],
      ["white", 4],
    ],
  );
  for (const criterion of ["mi", "var", "sigma"] as const) {
    assert.equal(measures.accuracy[criterion].length, SIDE * SIDE);
    const decay = measures.picture.decay[criterion];
    assert.deepEqual(
      decay,
      decay.toSorted((a, b) => b - a),
    );
    // All latents are the same, whatever their order.
    assert.equal(measures.accuracy[criterion].at(-1), measures.accuracy.mi.at(-1));
    for (const { auroc } of measures.outliers)
      assert.ok(auroc[criterion].every((value) => value >= 0 && value <= 1));
  }
  assert.ok(Math.max(...measures.accuracy.mi) > 0.9);
  expectConclusions(digitsStudy.name, measures, inputs);
});

test("attacks are measured at every strength, with and without the rule", async () => {
  const settings = {
    model: "digest4",
    epoch: 4,
    criterion: "mi",
    count: 10,
    images: 40,
    ranked: 100,
  } as const;
  for (const attack of ["fgsm", "evasion"] as const) {
    const measures = await attackStudy.run({ ...settings, attack }, 1, context());
    assert.deepEqual(attackStudy.measures.parse(measures), measures);
    assert.deepEqual(
      measures.outcomes.map(({ epsilon }) => epsilon),
      [0, 0.001, 0.02],
    );
    const [clean, , attacked] = measures.outcomes;
    assert.ok(attacked.errorRate >= clean.errorRate);
    for (const { defendedErrorRate, passRate, errorRate } of measures.outcomes) {
      assert.ok(defendedErrorRate <= Math.min(passRate, errorRate));
    }
    expectConclusions(attackStudy.name, measures, inputs);
  }
});

test("an experiment without its run, or with test images without labels, says so", async () => {
  const settings = stageCases("full", inputs)[0].settings;
  const without = { ...context(), inputs: { ...NO_INPUTS, data: inputs.data } };
  await assert.rejects(digitsStudy.run(settings, 1, without), InputError);
  const { condition: _, ...bare } = tests;
  const unlabelled = { ...inputs, data: [{ name: "test", digest: "u", read: async () => bare }] };
  await assert.rejects(digitsStudy.run(settings, 1, { ...context(), inputs: unlabelled }), /has no labels/);
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Tape } from "../../src/engine/tape.js";
import { Parameters } from "../../src/nn/parameters.js";
import { NetworkGaussian } from "../../src/priors/network-gaussian.js";
import { TrainablePrior } from "../../src/priors/trainable-prior.js";
import { BUILDS } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";
import { read } from "../support/passes.js";
import { bySample, putBatch } from "../support/prior-batch.js";

const [FEATURES, SAMPLES, INPUTS] = [3, 13, 2];
const latents = normals(SAMPLES * FEATURES, 1);
const logDeterminants = normals(SAMPLES, 2);
const labels = new Int32Array(SAMPLES);
const inputs = normals(SAMPLES * INPUTS, 3);

const silu = (x: number) => x / (1 + Math.exp(-x));

/** The loss of a network prior in double precision: GIN's equation 7 with mean and log sigma from an MLP. */
function reference(
  w: ArrayLike<number>,
  values: ArrayLike<number>,
  layers: readonly [number, number][],
): number {
  let total = 0;
  bySample(w, FEATURES).forEach((sample, n) => {
    let at = 0;
    let value = Array.from({ length: INPUTS }, (_, i) => inputs[n * INPUTS + i]);
    layers.forEach(([outputs, width], layer) => {
      const weights = at;
      const biases = at + outputs * width;
      at = biases + outputs;
      const last = layer === layers.length - 1;
      value = Array.from({ length: outputs }, (_, o) => {
        const sum = value.reduce(
          (all, x, i) => all + x * values[weights + o * width + i],
          values[biases + o],
        );
        return last ? sum : silu(sum);
      });
    });
    sample.forEach((x, f) => {
      const [mean, logSigma] = [value[f], value[FEATURES + f]];
      total += ((x - mean) / Math.exp(logSigma)) ** 2 / 2 + logSigma;
    });
  });
  return total / (SAMPLES * FEATURES);
}

for (const build of BUILDS) {
  describe(`network Gaussian, ${build} build`, () => {
    const setUp = async () => {
      const engine = await Engine.create({ build });
      const parameters = new Parameters();
      const prior = new NetworkGaussian(parameters, { inputs: INPUTS, features: FEATURES });
      parameters.materialise(engine);
      parameters.values().set(normals(parameters.length, 4).map((value) => value / 5));
      const context = { engine, tape: new Tape() };
      const batch = putBatch(context, latents, labels, logDeterminants, 1);
      const conditions = { values: inputs, width: INPUTS, batch: SAMPLES };
      const shapes = parameters.entries().filter(({ name }) => name.endsWith(".weight"));
      const layers = shapes.map(({ shape }) => [shape[0], shape[1]] as [number, number]);
      return {
        parameters,
        prior,
        context,
        batch: { ...batch, labels: { ...batch.labels, conditions } },
        layers,
      };
    };
    const volume = logDeterminants.reduce((sum, value) => sum + value, 0) / (SAMPLES * FEATURES);

    test("its loss is that of the Gaussians that the MLP gives, less the log-determinant", async () => {
      const { prior, context, batch, parameters, layers } = await setUp();
      const expected = reference(latents, parameters.values().slice(), layers) - volume;
      const found = prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
      assertWithin(1e-6, [found], [expected], "loss");
      assertWithin(
        1e-6,
        [prior.evaluationLoss(context, batch.w, batch.labels, batch.logDeterminant)],
        [found],
        "loss",
      );
    });

    test("its gradients are those of central differences, stored anew in every step", async () => {
      const { prior, context, batch, parameters, layers } = await setUp();
      const values = parameters.values().slice();
      prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
      parameters.gradients().fill(0);
      prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
      const dw = centralDifferences((at) => reference(at, values, layers), latents, 1e-6);
      assertWithin(5e-6, read(context, batch.w, batch.w.gradient), dw, "dw");
      const slopes = centralDifferences((at) => reference(latents, at, layers), values, 1e-5);
      assertWithin(5e-6, parameters.gradients(), slopes, "parameters");
      const slope = new Float32Array(SAMPLES).fill(-1 / (SAMPLES * FEATURES));
      assert.deepEqual(read(context, batch.logDeterminant, batch.logDeterminant.gradient), slope);
    });
  });
}

describe("a mixture over the classes", () => {
  const classes = 4;
  const mean = normals(classes * FEATURES, 5);
  const logSigma = normals(classes * FEATURES, 6).map((value) => value / 2);
  const weights = Float32Array.from({ length: SAMPLES * classes }, (_, k) => {
    const [n, c] = [Math.floor(k / classes), k % classes];
    if (n % 3 === 0) return c === n % classes ? 1 : 0;
    return n % 3 === 1 ? [0.1, 0.2, 0.3, 0.4][c] : [0.5, 0, 0, 0.5][c];
  });

  /** -log sum_c q_c prod_f exp(-(w - mean)^2 / (2 sigma^2)) / sigma, a sample and dimension. */
  const loss = (w: ArrayLike<number>, m: ArrayLike<number>, s: ArrayLike<number>) => {
    const total = bySample(w, FEATURES).reduce((sum, sample, n) => {
      let density = 0;
      for (let c = 0; c < classes; c++) {
        const energy = sample.reduce((e, x, f) => {
          const at = c * FEATURES + f;
          return e + ((x - m[at]) / Math.exp(s[at])) ** 2 / 2 + s[at];
        }, 0);
        density += weights[n * classes + c] * Math.exp(-energy);
      }
      return sum - Math.log(density);
    }, 0);
    return total / (SAMPLES * FEATURES);
  };

  for (const build of BUILDS) {
    const setUp = async () => {
      const engine = await Engine.create({ build });
      const parameters = new Parameters();
      const prior = new TrainablePrior(parameters, classes, FEATURES);
      parameters.materialise(engine);
      const context = { engine, tape: new Tape() };
      prior.setTables(context, mean, logSigma);
      const batch = putBatch(context, latents, labels, logDeterminants, classes);
      const conditions = { values: weights, width: classes, batch: SAMPLES };
      return {
        engine,
        parameters,
        prior,
        context,
        batch: { ...batch, labels: { ...batch.labels, conditions } },
      };
    };

    test(`its loss and gradients are those of the definition, ${build} build`, async () => {
      const { prior, context, batch, parameters } = await setUp();
      const found = prior.trainingLoss(context, batch.w, batch.labels);
      assertWithin(1e-7, [found], [loss(latents, mean, logSigma)], "loss");
      const dw = centralDifferences((at) => loss(at, mean, logSigma), latents, 1e-6);
      assertWithin(2e-6, read(context, batch.w, batch.w.gradient), dw, "dw");
      const tables = [
        ...centralDifferences((at) => loss(latents, at, logSigma), mean, 1e-6),
        ...centralDifferences((at) => loss(latents, mean, at), logSigma, 1e-6),
      ];
      assertWithin(2e-6, parameters.gradients(), tables, "tables");
    });

    test(`with one class a sample it is the loss of that class, ${build} build`, async () => {
      const { prior, context, batch } = await setUp();
      const of = Int32Array.from({ length: SAMPLES }, (_, n) => n % classes);
      const oneHot = Float32Array.from({ length: SAMPLES * classes }, (_, k) =>
        of[Math.floor(k / classes)] === k % classes ? 1 : 0,
      );
      const certain = putBatch(context, latents, of, logDeterminants, classes);
      const conditions = { values: oneHot, width: classes, batch: SAMPLES };
      const mixed = prior.evaluationLoss(
        context,
        batch.w,
        { ...batch.labels, conditions },
        batch.logDeterminant,
      );
      const known = prior.evaluationLoss(context, certain.w, certain.labels, certain.logDeterminant);
      assertWithin(1e-12, [mixed], [known], "loss");
    });

    test(`latents far from every class have a finite loss, ${build} build`, async () => {
      const { prior, context, batch } = await setUp();
      const far = putBatch(
        context,
        latents.map((value) => 1e4 * value),
        labels,
        logDeterminants,
        classes,
      );
      const found = prior.trainingLoss(context, far.w, batch.labels);
      assert.ok(Number.isFinite(found));
      assert.ok(read(context, far.w, far.w.gradient).every(Number.isFinite));
    });
  }
});

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Tape } from "../../src/engine/tape.js";
import { Parameters } from "../../src/nn/parameters.js";
import { EmpiricalGaussian } from "../../src/priors/empirical-gaussian.js";
import { countLabels } from "../../src/priors/prior.js";
import { TrainablePrior } from "../../src/priors/trainable-prior.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";
import { read } from "../support/passes.js";
import { bySample, putBatch } from "../support/prior-batch.js";
import { classStatistics, gaussianLoss, type Tables, withoutSingles } from "../support/reference-prior.js";

const [CLASSES, FEATURES, SAMPLES] = [4, 3, 13];
// class 2 has one sample, class 3 none
const labels = Int32Array.from([0, 1, 1, 0, 0, 1, 2, 1, 1, 0, 0, 0, 1]);
const latents = normals(SAMPLES * FEATURES, 1);
const logDeterminants = normals(SAMPLES, 2);
const mean = normals(CLASSES * FEATURES, 3);
const logSigma = normals(CLASSES * FEATURES, 4).map((value) => value / 2);
const FLOOR = 1e-10;

/** The mean a dimension of the log-determinants of the samples that count. */
function volume(values: ArrayLike<number>, counted: ArrayLike<number>): number {
  const kept = Array.from(values).filter((_, sample) => counted[sample] >= 0);
  return kept.reduce((sum, value) => sum + value, 0) / (kept.length * FEATURES);
}

async function setUp(kind: "trainable" | "empirical") {
  const engine = await Engine.create();
  const parameters = new Parameters();
  const prior =
    kind === "trainable"
      ? new TrainablePrior(parameters, CLASSES, FEATURES)
      : new EmpiricalGaussian(CLASSES, FEATURES);
  parameters.materialise(engine);
  prior.setTables({ engine }, mean, logSigma);
  const context = { engine, tape: new Tape() };
  const batch = putBatch(context, latents, labels, logDeterminants, CLASSES);
  return { engine, parameters, prior, context, batch };
}

describe("trainable Gaussian", () => {
  const loss = (w: ArrayLike<number>, tables = { mean, logSigma } as Tables) =>
    gaussianLoss({ latents: bySample(w, FEATURES), labels }, tables);

  test("its loss is GIN's equation 7, less the log-determinant", async () => {
    const { prior, context, batch } = await setUp("trainable");
    const found = prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
    assertWithin(1e-7, [found], [loss(latents) - volume(logDeterminants, labels)], "loss");
    const evaluated = prior.evaluationLoss(context, batch.w, batch.labels, batch.logDeterminant);
    assert.equal(evaluated, found);
  });

  test("its gradients are those of central differences", async () => {
    const { prior, context, batch, parameters } = await setUp("trainable");
    prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
    const dw = read(context, batch.w, batch.w.gradient);
    assertWithin(
      2e-6,
      dw,
      centralDifferences((at) => loss(at), latents, 1e-6),
      "dw",
    );
    assert.ok(batch.w.gradientWritten);
    const tables = [
      ...centralDifferences((at) => loss(latents, { mean: at, logSigma }), mean, 1e-6),
      ...centralDifferences((at) => loss(latents, { mean, logSigma: at }), logSigma, 1e-6),
    ];
    assertWithin(2e-6, parameters.gradients(), tables, "dMean and dLogSigma");
    const slope = new Float32Array(SAMPLES).fill(-1 / (SAMPLES * FEATURES));
    assert.deepEqual(read(context, batch.logDeterminant, batch.logDeterminant.gradient), slope);
  });

  test("its tables are parameters", async () => {
    const { prior, context, parameters } = await setUp("trainable");
    assert.deepEqual(prior.tables(context), { mean, logSigma });
    assert.deepEqual(
      parameters.entries().map(({ name }) => name),
      ["prior.mean", "prior.log_sigma"],
    );
    assert.equal(parameters.length, 2 * CLASSES * FEATURES);
  });
});

describe("empirical Gaussian", () => {
  const counted = withoutSingles(labels);
  const loss = (w: ArrayLike<number>) => {
    const batch = { latents: bySample(w, FEATURES), labels: counted };
    return gaussianLoss(batch, classStatistics(batch, CLASSES, FLOOR));
  };

  test("its loss takes the batch's own statistics and leaves a class with one sample out", async () => {
    const { prior, context, batch } = await setUp("empirical");
    const found = prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
    assertWithin(1e-6, [found], [loss(latents) - volume(logDeterminants, counted)], "loss");
    assert.equal((prior as EmpiricalGaussian).leftOut, 1);
  });

  test("its gradient passes through the statistics", async () => {
    const { prior, context, batch } = await setUp("empirical");
    prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant);
    const dw = read(context, batch.w, batch.w.gradient);
    assertWithin(2e-6, dw, centralDifferences(loss, latents, 1e-6), "dw");
    const slope = read(context, batch.logDeterminant, batch.logDeterminant.gradient);
    const share = Math.fround(-1 / ((SAMPLES - 1) * FEATURES));
    assert.deepEqual(
      Array.from(slope),
      counted.map((label) => (label < 0 ? 0 : share)),
    );
  });

  test("a batch in which no class has two samples has no loss and no gradient", async () => {
    const { prior, context } = await setUp("empirical");
    const batch = putBatch(context, latents.subarray(0, 6), Int32Array.from([0, 1]), normals(2, 5), CLASSES);
    assert.equal(prior.trainingLoss(context, batch.w, batch.labels, batch.logDeterminant), 0);
    assert.ok(read(context, batch.w, batch.w.gradient).every((value) => value === 0));
    assert.ok(
      read(context, batch.logDeterminant, batch.logDeterminant.gradient).every((value) => value === 0),
    );
  });

  test("a latent that is constant within its class has a finite loss and gradient", async () => {
    const { prior, context } = await setUp("empirical");
    const same = latents.map((value, i) => (i % FEATURES === 0 ? 2 : value));
    const batch = putBatch(context, same, labels, logDeterminants, CLASSES);
    assert.ok(Number.isFinite(prior.trainingLoss(context, batch.w, batch.labels)));
    assert.ok(read(context, batch.w, batch.w.gradient).every(Number.isFinite));
  });

  test("evaluation uses the tables that were set", async () => {
    const { prior, context, batch } = await setUp("empirical");
    assert.deepEqual(prior.tables(context), { mean, logSigma });
    const expected = gaussianLoss({ latents: bySample(latents, FEATURES), labels }, { mean, logSigma });
    assertWithin(1e-7, [prior.evaluationLoss(context, batch.w, batch.labels)], [expected], "loss");
  });
});

test("labels are counted by class, negative ones are not", () => {
  assert.deepEqual(countLabels(Int32Array.from([0, 2, 2, -1]), 4), Float64Array.from([1, 0, 2, 0]));
});

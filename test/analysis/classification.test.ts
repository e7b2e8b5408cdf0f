import assert from "node:assert/strict";
import { test } from "node:test";
import { classLogLikelihoods, logJoint } from "../../src/analysis/class-likelihood.js";
import { calibration, confusionMatrix, logLoss } from "../../src/analysis/classification.js";
import {
  accuracyCurve,
  classPosterior,
  empiricalLogPrior,
  logSumExp,
  uniformLogPrior,
} from "../../src/analysis/classifier.js";
import { passesRejection } from "../../src/analysis/rejection.js";
import { assertClose, assertInputError, fixture, matrixOf, type StoredMatrix, toMatrix } from "./support.js";

// The references are scikit-learn's, made by fixtures/make-classification.py.

interface Expected {
  readonly accuracy: readonly number[];
  readonly joint: readonly number[];
  readonly posterior: readonly number[];
  readonly confusion: number[][];
  readonly logLoss: number;
  readonly calibration: { readonly accuracy: readonly number[]; readonly confidence: readonly number[] };
}

const stored = fixture<{
  readonly mean: readonly number[];
  readonly sigma: readonly number[];
  readonly latents: StoredMatrix;
  readonly labels: readonly number[];
  readonly order: readonly number[];
  readonly counts: readonly number[];
  readonly uniform: Expected;
  readonly training: Expected;
}>("classification");
const gaussian = {
  classes: ["a", "b", "c", "d"],
  mean: Float32Array.from(stored.mean),
  sigma: Float32Array.from(stored.sigma),
};
const latents = toMatrix(stored.latents);
const labels = Int32Array.from(stored.labels);

for (const [name, logPrior] of [
  ["uniform", uniformLogPrior(4)],
  ["training", empiricalLogPrior(stored.counts)],
] as const) {
  const expected = stored[name];
  const likelihoods = classLogLikelihoods(gaussian, latents, stored.order.slice(0, 4));
  const { log, logEvidence, predicted } = classPosterior(likelihoods, logPrior);

  test(`densities and posteriors are scikit-learn's, ${name} prior`, () => {
    assertClose(logJoint(likelihoods, logPrior).values, expected.joint, 1e-6);
    assertClose(log.values, expected.posterior, 1e-6);
    const evidence = logEvidence.map((_, n) => logSumExp(expected.joint.slice(4 * n, 4 * n + 4)));
    assertClose(logEvidence, evidence, 1e-6);
  });

  test(`accuracy for every number of latents is scikit-learn's, ${name} prior`, () => {
    const curve = accuracyCurve(gaussian, latents, labels, stored.order, logPrior);
    assertClose(curve, expected.accuracy, 1e-12);
  });

  test(`confusion, log loss and calibration are scikit-learn's, ${name} prior`, () => {
    assert.deepEqual(confusionMatrix(labels, predicted, 4), expected.confusion);
    assertClose([logLoss(log, labels)], [expected.logLoss], 1e-7);
    const { bins, error } = calibration(log, predicted, labels, 10);
    const filled = bins.filter(({ count }) => count > 0);
    assertClose(
      filled.map((bin) => bin.accuracy),
      expected.calibration.accuracy,
      1e-12,
    );
    assertClose(
      filled.map((bin) => bin.confidence),
      expected.calibration.confidence,
      1e-7,
    );
    assert.equal(
      bins.reduce((sum, { count }) => sum + count, 0),
      labels.length,
    );
    const gaps = filled.map((bin) => (bin.count / labels.length) * Math.abs(bin.accuracy - bin.confidence));
    assertClose([error], [gaps.reduce((sum, gap) => sum + gap, 0)], 1e-12);
  });
}

test("posteriors stay finite and certain where every density underflows", () => {
  const far = { classes: ["near", "far"], mean: Float32Array.of(0, 1e4), sigma: Float32Array.of(1e-3, 1e-3) };
  const likelihoods = classLogLikelihoods(far, matrixOf([[4e3], [6e3]]), [0]);
  const { log, predicted } = classPosterior(likelihoods, uniformLogPrior(2));
  assert.ok(likelihoods.values.every((value) => Math.exp(value) === 0));
  assert.deepEqual([...predicted], [0, 1]);
  assert.deepEqual([log.values[0], log.values[3]], [0, 0]);
  assert.ok([log.values[1], log.values[2]].every((value) => Number.isFinite(value) && value < -1e9));
});

test("a class that does not occur in the training data is never predicted", () => {
  const { predicted, log } = classPosterior(
    classLogLikelihoods(gaussian, latents, [0]),
    empiricalLogPrior([1, 1, 0, 1]),
  );
  assert.ok(!predicted.includes(2));
  assert.equal(log.values[2], Number.NEGATIVE_INFINITY);
  assert.equal(logLoss(log, labels), Number.POSITIVE_INFINITY);
});

test("confidence 0.5 is in the bin (0.4, 0.5], and 1 in the last", () => {
  const posterior = (...values: number[]) => ({
    values: Float64Array.from(values, Math.log),
    samples: values.length / 2,
    classes: 2,
  });
  const { bins } = calibration(posterior(0.5, 0.5, 0, 1), Int32Array.of(0, 1), Int32Array.of(0, 0), 10);
  assert.deepEqual(
    bins.map(({ count }) => count),
    [0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
  );
  assert.deepEqual([bins[4].accuracy, bins[9].accuracy], [1, 0]);
});

test("the rejection rule bounds the mean squared distance from some class in standard deviations", () => {
  const selection = [4, 1, 3];
  for (const k of [0.5, 1, 1.7]) {
    const passes = passesRejection(gaussian, classLogLikelihoods(gaussian, latents, selection), selection, k);
    const expected = Array.from({ length: latents.samples }, (_, n) =>
      gaussian.classes.some((_, u) => {
        const distances = selection.map(
          (i) =>
            ((latents.values[n * latents.width + i] - gaussian.mean[u * latents.width + i]) /
              gaussian.sigma[u * latents.width + i]) **
            2,
        );
        return distances.reduce((sum, distance) => sum + distance, 0) / selection.length <= k ** 2;
      })
        ? 1
        : 0,
    );
    assert.deepEqual([...passes], expected);
    assert.ok(passes.includes(0) && passes.includes(1));
  }
});

test("a density on the limit passes: the mean minus one standard deviation itself", () => {
  const [mean, sigma] = [Float32Array.of(1, 2, -3, 0.5), Float32Array.of(0.5, 2, 4, 0.25)];
  const two = { classes: ["a", "b"], mean, sigma };
  const onTheLimit = matrixOf([[mean[0] - sigma[0], mean[1] - sigma[1]]]);
  assert.deepEqual([...passesRejection(two, classLogLikelihoods(two, onTheLimit, [0, 1]), [0, 1])], [1]);
  const beyond = matrixOf([[mean[0] - 1.01 * sigma[0], mean[1] - sigma[1]]]);
  assert.deepEqual([...passesRejection(two, classLogLikelihoods(two, beyond, [0, 1]), [0, 1])], [0]);
});

test("what does not fit is named", () => {
  const none = { ...gaussian, sigma: gaussian.sigma.map((value, k) => (k === 7 ? 0 : value)) };
  const curve = (order: number[]) => accuracyCurve(gaussian, latents, labels, order, uniformLogPrior(4));
  assertInputError(() => classLogLikelihoods(none, latents, [1]), /^Class "b" has no spread in latent 1\.$/);
  assertInputError(() => curve([0, 6]), /^There is no latent 6/);
  assertInputError(() => curve([2, 2]), /^Latent 2 is selected twice\.$/);
  assertInputError(() => classLogLikelihoods(gaussian, matrixOf([[1]]), [0]), /1 columns; .* have 6/);
  assertInputError(() => classPosterior(classLogLikelihoods(gaussian, latents, []), uniformLogPrior(3)), /3/);
  assertInputError(() => empiricalLogPrior([0, 0]), /not all of them 0/);
  assertInputError(() => confusionMatrix(labels, Int32Array.of(1), 4), /240 labels for 1 samples/);
});

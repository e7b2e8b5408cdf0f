import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fullGaussians,
  fullLogLikelihoods,
  withinClassCorrelation,
} from "../../src/analysis/full-gaussian.js";
import { assertClose, assertInputError, fixture, matrixOf, type StoredMatrix, toMatrix } from "./support.js";

// The reference is SciPy's, made by fixtures/make-classification.py.
const stored = fixture<{
  readonly latents: StoredMatrix;
  readonly labels: readonly number[];
  readonly logLikelihood: readonly number[];
  readonly correlation: number;
}>("full-gaussian");
const latents = toMatrix(stored.latents);
const gaussians = fullGaussians(latents, Int32Array.from(stored.labels), 3);

test("densities of Gaussians with full covariance, and correlations within classes, are SciPy's", () => {
  assertClose(fullLogLikelihoods(gaussians, latents).values, stored.logLikelihood, 1e-9);
  assertClose([withinClassCorrelation(gaussians)], [stored.correlation], 1e-12);
  assert.equal(withinClassCorrelation(fullGaussians(matrixOf([[1], [2], [4]]), new Int32Array(3), 1)), 0);
});

test("full covariances are refused where they cannot be had", () => {
  const labels = Int32Array.of(0, 0, 1, 1);
  const rows = matrixOf([
    [1, 2],
    [3, 4],
    [0, 1],
    [1, 0],
  ]);
  assertInputError(() => fullLogLikelihoods(fullGaussians(rows, labels, 2), rows), /class 0 .* singular/);
  assertInputError(() => fullGaussians(rows, labels, 3), /Class 2 has no sample/);
  assertInputError(() => fullGaussians(rows, Int32Array.of(0, 0, 1), 2), /3 labels for 4 samples/);
  const other = fullGaussians(matrixOf([[1], [2]]), new Int32Array(2), 1);
  assertInputError(() => fullLogLikelihoods(other, rows), /2 columns; the class statistics have 1/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { classLogLikelihoods, logJoint } from "../../src/analysis/class-likelihood.js";
import { logSumExp } from "../../src/analysis/classifier.js";
import { aurocCurve, outlierScores, outlierThreshold } from "../../src/analysis/outliers.js";
import { auroc, type RocPoint, rocCurve } from "../../src/analysis/roc.js";
import { assertClose, assertInputError, fixture, matrixOf, normalGenerator } from "./support.js";

// The references are scikit-learn's, made by fixtures/make-classification.py.

interface RocCase {
  readonly normal: readonly number[];
  readonly outliers: readonly number[];
  readonly auroc: number;
  readonly falseAlarmRate: readonly number[];
  readonly detectionRate: readonly number[];
  readonly thresholds: readonly number[];
}

const cases = fixture<readonly RocCase[]>("roc");

/** Twice the area of the triangle of three points. */
const turn = (a: RocPoint, b: RocPoint, c: RocPoint): number =>
  (b.falseAlarmRate - a.falseAlarmRate) * (c.detectionRate - a.detectionRate) -
  (b.detectionRate - a.detectionRate) * (c.falseAlarmRate - a.falseAlarmRate);

cases.forEach((stored, index) => {
  const name = `${stored.normal.length} normal scores, ${stored.outliers.length} of outliers (case ${index})`;

  test(`AUROC is scikit-learn's: ${name}`, () => {
    assertClose([auroc(stored.normal, stored.outliers)], [stored.auroc], 1e-12);
    assertClose([auroc(stored.outliers, stored.normal)], [1 - stored.auroc], 1e-12);
  });

  test(`the ROC curve has scikit-learn's corners and nothing else: ${name}`, () => {
    const curve = rocCurve(stored.normal, stored.outliers);
    const all = stored.falseAlarmRate.map((falseAlarmRate, k) => ({
      threshold: k === 0 ? Number.POSITIVE_INFINITY : stored.thresholds[k - 1],
      falseAlarmRate,
      detectionRate: stored.detectionRate[k],
    }));
    const isCorner = (k: number) => Math.abs(turn(all[k - 1], all[k], all[k + 1])) > 1e-12;
    const corners = all.filter((_, k) => k === 0 || k === all.length - 1 || isCorner(k));
    assert.equal(curve.length, corners.length);
    curve.forEach((point, k) => {
      assert.equal(point.threshold, corners[k].threshold);
      assertClose(
        [point.falseAlarmRate, point.detectionRate],
        [corners[k].falseAlarmRate, corners[k].detectionRate],
        1e-12,
      );
    });
    const area = curve.slice(1).reduce((sum, point, k) => {
      const before = curve[k];
      return (
        sum +
        ((point.falseAlarmRate - before.falseAlarmRate) * (point.detectionRate + before.detectionRate)) / 2
      );
    }, 0);
    assertClose([area], [stored.auroc], 1e-12);
  });
});

const gaussian = {
  classes: ["left", "right"],
  mean: Float32Array.of(-2, 0, 2, 1),
  sigma: Float32Array.of(1, 0.5, 0.5, 2),
};
const logPrior = Float64Array.of(Math.log(0.25), Math.log(0.75));

test("scores are minus the log of the summed or largest density", () => {
  const latents = matrixOf([
    [-2, 0],
    [2, 3],
    [40, -1],
  ]);
  const likelihoods = classLogLikelihoods(gaussian, latents, [0, 1]);
  const joint = logJoint(likelihoods, logPrior).values;
  const rows = [0, 1, 2].map((n) => joint.subarray(2 * n, 2 * n + 2));
  const sum = rows.map((row) => -logSumExp(row));
  const largest = rows.map((row) => -Math.max(...row));
  assertClose(outlierScores(likelihoods, logPrior, "sum"), sum, 1e-12);
  assertClose(outlierScores(likelihoods, logPrior, "max"), largest, 1e-12);
  assert.ok(sum[2] > 750, "a sample far from all classes is strange beyond what exp can hold");
});

test("AUROC for every number of latents is that of each selection alone", () => {
  const normal = normalGenerator(5);
  const draw = (count: number, shift: number) =>
    matrixOf(Array.from({ length: count }, () => [2 * normal() + shift, normal()]));
  const [inside, outside] = [draw(60, 0), draw(40, 3)];
  for (const density of ["sum", "max"] as const) {
    const curve = aurocCurve(gaussian, inside, outside, [1, 0], logPrior, density);
    const expected = [[1], [1, 0]].map((selection) => {
      const score = (latents: typeof inside) =>
        outlierScores(classLogLikelihoods(gaussian, latents, selection), logPrior, density);
      return auroc(score(inside), score(outside));
    });
    assertClose(curve, expected, 1e-12);
  }
});

test("a threshold keeps the false alarms at the rate asked for, ties included", () => {
  const scores = Array.from({ length: 100 }, (_, k) => (k * 37) % 100);
  const alarms = (threshold: number, of = scores) => of.filter((score) => score > threshold).length;
  for (const rate of [0, 0.01, 0.05, 0.29, 0.5]) {
    assert.equal(alarms(outlierThreshold(scores, rate)), Math.round(100 * rate));
  }
  const tied = [1, 2, 2, 2, 2, 2, 2, 2, 3, 3];
  assert.equal(outlierThreshold(tied, 0.1), 3);
  assert.equal(outlierThreshold(tied, 0.2), 2);
  assert.equal(alarms(outlierThreshold(tied, 0.5), tied), 2);
});

test("what cannot be scored is refused", () => {
  assertInputError(() => auroc([], [1]), /got 0 and 1\.$/);
  assertInputError(() => auroc([1], [Number.NaN]), /not a number/);
  assertInputError(() => outlierThreshold([], 0.1), /got none/);
  assertInputError(() => outlierThreshold([1], 1), /got 1\.$/);
});

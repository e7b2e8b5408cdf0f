import { InputError } from "../errors.js";
import { averageRanks } from "./correlation.js";

/** A threshold and what it does: everything with a score of at least `threshold` is called an outlier. */
export interface RocPoint {
  readonly threshold: number;
  /** Share of normal samples that are called outliers. */
  readonly falseAlarmRate: number;
  /** Share of outliers that are called outliers. */
  readonly detectionRate: number;
}

/**
 * Area under the ROC curve: the probability that an outlier scores higher than a normal sample, equal scores
 * counting half. Exact, by ranks: (R - n(n+1)/2) / (n m) with R the sum of the ranks of the n outliers among all
 * (Mann and Whitney, 1947).
 *
 * @param normal scores of normal samples, higher being stranger. Infinite scores are allowed.
 * @throws InputError when a side is empty or a score is NaN.
 */
export function auroc(normal: ArrayLike<number>, outliers: ArrayLike<number>): number {
  const ranks = averageRanks(pooled(normal, outliers));
  let sum = 0;
  for (let k = normal.length; k < ranks.length; k++) sum += ranks[k];
  return (sum - (outliers.length * (outliers.length + 1)) / 2) / (outliers.length * normal.length);
}

/**
 * The ROC curve: from (0, 0), which calls nothing an outlier, over the distinct scores in descending order to (1, 1).
 * Points on a straight line between their neighbours are left out.
 *
 * @throws InputError as `auroc` does.
 */
export function rocCurve(normal: ArrayLike<number>, outliers: ArrayLike<number>): RocPoint[] {
  const scores = pooled(normal, outliers);
  const order = Uint32Array.from(scores, (_, k) => k).sort((a, b) => scores[b] - scores[a] || 0);
  const steps: { threshold: number; alarms: number; detected: number }[] = [
    { threshold: Number.POSITIVE_INFINITY, alarms: 0, detected: 0 },
  ];
  let [alarms, detected] = [0, 0];
  for (let k = 0; k < order.length; k++) {
    if (order[k] < normal.length) alarms++;
    else detected++;
    const threshold = scores[order[k]];
    if (k + 1 < order.length && scores[order[k + 1]] === threshold) continue;
    const step = { threshold, alarms, detected };
    const [before, last] = steps.slice(-2);
    const isStraight =
      last !== undefined &&
      (last.alarms - before.alarms) * (detected - last.detected) ===
        (last.detected - before.detected) * (alarms - last.alarms);
    if (isStraight) steps[steps.length - 1] = step;
    else steps.push(step);
  }
  return steps.map((step) => ({
    threshold: step.threshold,
    falseAlarmRate: step.alarms / normal.length,
    detectionRate: step.detected / outliers.length,
  }));
}

function pooled(normal: ArrayLike<number>, outliers: ArrayLike<number>): Float64Array {
  if (normal.length === 0 || outliers.length === 0) {
    throw new InputError(
      `An ROC curve needs normal samples and outliers; got ${normal.length} and ${outliers.length}.`,
    );
  }
  const scores = new Float64Array(normal.length + outliers.length);
  scores.set(normal);
  scores.set(outliers, normal.length);
  if (scores.some(Number.isNaN)) throw new InputError("An outlier score is not a number.");
  return scores;
}

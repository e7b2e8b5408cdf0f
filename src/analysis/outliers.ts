import { InputError } from "../errors.js";
import { type ClassScores, growingLogJoint, logJoint } from "./class-likelihood.js";
import { logSumExp } from "./classifier.js";
import type { ConditionalDensity } from "./conditional-gaussian.js";
import { auroc } from "./roc.js";
import type { SampleMatrix } from "./sample-matrix.js";

/** How the densities of the classes become one: the sum of p(w_S|u) p(u) over u, or its largest term. */
export const DENSITIES = ["sum", "max"] as const;
export type Density = (typeof DENSITIES)[number];

/**
 * How strange each sample is: -log of the sum, or the maximum, over u of p(w_S|u) p(u), in nats. The higher, the
 * stranger. Shape [samples].
 *
 * @param logLikelihoods log p(w_S|u), as `classLogLikelihoods` gives it.
 * @param logPrior log p(u). Shape [classes].
 * @throws InputError when the number of classes differs.
 */
export function outlierScores(
  logLikelihoods: ClassScores,
  logPrior: Float64Array,
  density: Density = "sum",
): Float64Array {
  return strangeness(logJoint(logLikelihoods, logPrior), density);
}

function strangeness({ values, samples, classes }: ClassScores, density: Density): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    if (density === "sum") return -logSumExp(values, n * classes, (n + 1) * classes);
    let largest = Number.NEGATIVE_INFINITY;
    for (let u = 0; u < classes; u++) largest = Math.max(largest, values[n * classes + u]);
    return -largest;
  });
}

/**
 * AUROC of the outlier scores on the first 1, 2, ... latents of `order`.
 *
 * @param normal latents of normal samples. Shape [samples][d].
 * @param outliers latents of outliers. Shape [samples][d].
 * @returns shape [order.length].
 * @throws InputError as `growingLogJoint` and `auroc` do.
 */
export function aurocCurve(
  gaussian: ConditionalDensity,
  normal: SampleMatrix,
  outliers: SampleMatrix,
  order: readonly number[],
  logPrior: Float64Array,
  density: Density = "sum",
): Float64Array {
  const [inside, outside] = [normal, outliers].map((w) => growingLogJoint(gaussian, w, order, logPrior));
  const scores = (joint: typeof inside) => strangeness(joint.next().value as ClassScores, density);
  return Float64Array.from(order, () => auroc(scores(inside), scores(outside)));
}

/**
 * The smallest threshold that at most `falseAlarmRate` of the reference scores exceed: a sample is called an outlier
 * where its score is above it.
 *
 * @param reference scores of samples known to be normal and not used in training.
 * @throws InputError when there are none, or the rate is not in 0..1.
 */
export function outlierThreshold(reference: ArrayLike<number>, falseAlarmRate: number): number {
  if (!(falseAlarmRate >= 0 && falseAlarmRate < 1)) {
    throw new InputError(
      `The false-alarm rate must be a number from 0 up to, not including, 1; got ${falseAlarmRate}.`,
    );
  }
  if (reference.length === 0) throw new InputError("A threshold needs reference scores; got none.");
  const sorted = Float64Array.from(reference).sort();
  // The rate may be a decimal fraction that binary numbers miss by a hair: 0.29 * 100 is just below 29.
  const alarms = Math.floor(falseAlarmRate * sorted.length + 1e-9);
  return sorted[sorted.length - 1 - alarms];
}

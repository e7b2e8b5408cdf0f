import { InputError } from "../errors.js";
import { type ClassScores, growingLogJoint, logJoint } from "./class-likelihood.js";
import type { ConditionalDensity } from "./conditional-gaussian.js";
import { checkLabels, type SampleMatrix } from "./sample-matrix.js";

/** p_S(u|x) of every sample. */
export interface Posterior {
  /** log p_S(u|x), natural; exp of each row sums to 1. */
  readonly log: ClassScores;
  /** log p(w_S) = log of the sum over u of p(w_S|u) p(u). Shape [samples]. */
  readonly logEvidence: Float64Array;
  /** The class with the largest posterior, the first of equal ones. Shape [samples]. */
  readonly predicted: Int32Array;
}

/** log p(u) with all classes alike. Shape [classes]. */
export function uniformLogPrior(classes: number): Float64Array {
  return new Float64Array(classes).fill(-Math.log(classes));
}

/**
 * log p(u) as the classes occur: minus infinity for one that does not. Shape [classes].
 *
 * @param counts samples of each class.
 * @throws InputError when a count is negative or all are 0.
 */
export function empiricalLogPrior(counts: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(counts);
  const total = all.reduce((sum, count) => sum + count, 0);
  if (!(total > 0) || all.some((count) => count < 0)) {
    throw new InputError(`Class counts must be numbers from 0, not all of them 0; got ${all.join(", ")}.`);
  }
  return all.map((count) => Math.log(count / total));
}

/** log(sum of exp(values[from .. to - 1])), without overflow; minus infinity where all are. */
export function logSumExp(values: ArrayLike<number>, from = 0, to = values.length): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = from; k < to; k++) if (values[k] > largest) largest = values[k];
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let k = from; k < to; k++) sum += Math.exp(values[k] - largest);
  return largest + Math.log(sum);
}

/**
 * The Bayes classifier on selected latents S, p_S(u|x) proportional to p(w_S|u) p(u) ("Identifying Informative
 * Latent Variables Learned by GIN via Mutual Information", 2021, eq. 6).
 *
 * @param logLikelihoods log p(w_S|u), as `classLogLikelihoods` gives it.
 * @param logPrior log p(u). Shape [classes].
 * @throws InputError when the number of classes differs.
 */
export function classPosterior(logLikelihoods: ClassScores, logPrior: Float64Array): Posterior {
  const { values, samples, classes } = logJoint(logLikelihoods, logPrior);
  const logEvidence = new Float64Array(samples);
  for (let n = 0; n < samples; n++) {
    logEvidence[n] = logSumExp(values, n * classes, (n + 1) * classes);
    for (let u = 0; u < classes; u++) values[n * classes + u] -= logEvidence[n];
  }
  const log = { values, samples, classes };
  return { log, logEvidence, predicted: largestClass(log) };
}

/** The class with the largest score of each sample, the first of equal ones. Shape [samples]. */
export function largestClass({ values, samples, classes }: ClassScores): Int32Array {
  return Int32Array.from({ length: samples }, (_, n) => {
    let best = 0;
    for (let u = 1; u < classes; u++) if (values[n * classes + u] > values[n * classes + best]) best = u;
    return best;
  });
}

/** The share of samples whose class is predicted, 0..1. Throws InputError when the labels do not fit. */
export function accuracy(predicted: Int32Array, labels: Int32Array, classes: number): number {
  checkLabels(labels, predicted.length, classes);
  let right = 0;
  for (let n = 0; n < labels.length; n++) if (predicted[n] === labels[n]) right++;
  return right / labels.length;
}

/**
 * Accuracy of the classifier on the first 1, 2, ... latents of `order`.
 *
 * @param latents shape [samples][d].
 * @param labels class index of each sample. Shape [samples].
 * @returns shape [order.length].
 * @throws InputError as `growingLogJoint` does, or when labels or prior do not fit.
 */
export function accuracyCurve(
  gaussian: ConditionalDensity,
  latents: SampleMatrix,
  labels: Int32Array,
  order: readonly number[],
  logPrior: Float64Array,
): Float64Array {
  const classes = gaussian.classes.length;
  const curve = new Float64Array(order.length);
  let count = 0;
  for (const joint of growingLogJoint(gaussian, latents, order, logPrior)) {
    curve[count++] = accuracy(largestClass(joint), labels, classes);
  }
  return curve;
}

import { InputError } from "../errors.js";
import type { ClassScores } from "./class-likelihood.js";
import { checkLabels } from "./sample-matrix.js";

/**
 * How often each class (row) is taken for each (column). Shape [classes][classes].
 *
 * @throws InputError when labels or predictions do not fit.
 */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): number[][] {
  checkLabels(labels, predicted.length, classes);
  checkLabels(predicted, labels.length, classes);
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let n = 0; n < labels.length; n++) matrix[labels[n]][predicted[n]]++;
  return matrix;
}

/**
 * The mean of -log p(u|x) at the true classes, in nats. Not clipped: infinite where a true class has probability 0.
 *
 * @param logPosterior log p(u|x).
 * @throws InputError when the labels do not fit.
 */
export function logLoss({ values, samples, classes }: ClassScores, labels: Int32Array): number {
  checkLabels(labels, samples, classes);
  let sum = 0;
  for (let n = 0; n < samples; n++) sum -= values[n * classes + labels[n]];
  return sum / samples;
}

/** Predictions made with a confidence in (lower, upper]; 0 belongs to the first bin. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean confidence, NaN in an empty bin. */
  readonly confidence: number;
  /** Share of right predictions, NaN in an empty bin. */
  readonly accuracy: number;
}

/** How far confidence can be trusted. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean over the samples of |accuracy - confidence| of their bin, 0..1. */
  readonly error: number;
}

/**
 * Reliability of the predicted class: predictions are put in `bins` bins of equal width by their confidence, the
 * largest posterior, and in each the mean confidence is set against the share that is right (Guo et al., "On
 * calibration of modern neural networks", 2017).
 *
 * @param logPosterior log p(u|x).
 * @throws InputError when the labels do not fit or `bins` is no whole number from 1.
 */
export function calibration(
  { values, samples, classes }: ClassScores,
  predicted: Int32Array,
  labels: Int32Array,
  bins = 10,
): Calibration {
  checkLabels(labels, samples, classes);
  checkLabels(predicted, samples, classes);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new InputError(`The number of calibration bins must be a whole number from 1; got ${bins}.`);
  }
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const right = new Float64Array(bins);
  for (let n = 0; n < samples; n++) {
    const confidence = Math.exp(values[n * classes + predicted[n]]);
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1));
    counts[bin]++;
    confidences[bin] += confidence;
    if (predicted[n] === labels[n]) right[bin]++;
  }
  let error = 0;
  for (let bin = 0; bin < bins; bin++) error += Math.abs(right[bin] - confidences[bin]) / samples;
  return {
    error,
    bins: Array.from(counts, (count, bin) => ({
      lower: bin / bins,
      upper: (bin + 1) / bins,
      count,
      confidence: confidences[bin] / count,
      accuracy: right[bin] / count,
    })),
  };
}

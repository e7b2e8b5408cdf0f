import {
  accuracy,
  classPosterior,
  fullGaussians,
  fullLogLikelihoods,
  type SampleMatrix,
  selectColumns,
  uniformLogPrior,
  withinClassCorrelation,
} from "../../analysis/index.js";

/** Latents with the class of each sample. */
interface LabelledLatents {
  readonly latents: SampleMatrix;
  readonly labels: Int32Array;
}

/** Whether latents depend on one another within classes, and how well they classify where that is allowed for. */
export interface Dependence {
  /** Mean of |correlation| within classes. */
  readonly correlation: number;
  /** Accuracy on the test samples where p(w|u) has a full covariance. */
  readonly fullAccuracy: number;
}

/**
 * Fits Gaussians with full covariance to the selected latents of some samples and tries them on others. Null where a
 * class has fewer than three samples a latent to fit.
 */
export function dependenceOf(
  fitted: LabelledLatents,
  tested: LabelledLatents,
  selection: readonly number[],
  classes: number,
): Dependence | null {
  const counts = new Int32Array(classes);
  for (const label of fitted.labels) counts[label]++;
  if (Math.min(...counts) < 3 * selection.length) return null;
  const gaussians = fullGaussians(selectColumns(fitted.latents, selection), fitted.labels, classes);
  const logLikelihoods = fullLogLikelihoods(gaussians, selectColumns(tested.latents, selection));
  const { predicted } = classPosterior(logLikelihoods, uniformLogPrior(classes));
  return {
    correlation: withinClassCorrelation(gaussians),
    fullAccuracy: accuracy(predicted, tested.labels, classes),
  };
}

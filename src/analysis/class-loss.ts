import type { ClassScores } from "./class-likelihood.js";
import { classLogLikelihoods, logJoint } from "./class-likelihood.js";
import { logSumExp } from "./classifier.js";
import type { ConditionalGaussian } from "./conditional-gaussian.js";
import { checkLabels } from "./sample-matrix.js";

/** The Bayes classifier p_S(u|x) proportional to p(w_S|u) p(u), as data. */
export interface LatentClassifier {
  readonly gaussian: ConditionalGaussian;
  /** The selected latents S. */
  readonly selection: readonly number[];
  /** log p(u). Shape [classes]. */
  readonly logPrior: Float64Array;
}

/**
 * What an attack makes as large as it can: `cross-entropy` is -log p_S(y|x) of the true class y; `density` is the log
 * of the sum over the wrong classes of p(w_S|u) p(u), which also leads where the rejection rule lets samples pass.
 */
export const ATTACK_OBJECTIVES = ["cross-entropy", "density"] as const;
export type AttackObjective = (typeof ATTACK_OBJECTIVES)[number];

/**
 * The direction in which an objective grows: its gradient with respect to the latents, each sample's divided by a
 * positive factor, which attacks that go by signs do not see. With v_u = p(w_S|u) p(u) / sum over u' != y of the same,
 *   cross-entropy: sum over u != y of v_u (d/dw log p(w_S|u) - d/dw log p(w_S|y)), the gradient over 1 - p_S(y|x),
 *   density:       sum over u != y of v_u d/dw log p(w_S|u), the gradient itself.
 * The gradient of the cross-entropy itself vanishes in floating point where the classifier is certain, and an attack
 * along it would fail for that reason alone ("gradient masking", Papernot et al. 2017).
 *
 * @param latents shape [samples][d].
 * @param labels the true classes. Shape [samples].
 * @returns shape [samples][d]; 0 outside of the selected latents. The largest entry of each sample is 1 in size, so
 *   that float32 can carry it through a network.
 * @throws InputError as `classLogLikelihoods` does, or when the labels do not fit.
 */
export function attackDirection(
  classifier: LatentClassifier,
  latents: Float32Array,
  labels: Int32Array,
  objective: AttackObjective = "cross-entropy",
): Float32Array {
  const { gaussian, selection, logPrior } = classifier;
  const samples = labels.length;
  const width = latents.length / samples;
  checkLabels(labels, samples, gaussian.classes.length);
  const likelihoods = classLogLikelihoods(gaussian, { values: latents, samples, width }, selection);
  const weights = attackWeights(logJoint(likelihoods, logPrior), labels, objective);
  const direction = new Float32Array(latents.length);
  const sums = new Float64Array(selection.length);
  for (let n = 0; n < samples; n++) {
    const of = weights.subarray(n * gaussian.classes.length, (n + 1) * gaussian.classes.length);
    let largest = 0;
    selection.forEach((latent, k) => {
      sums[k] = weightedSlope(gaussian, of, latent, latents[n * width + latent], width);
      largest = Math.max(largest, Math.abs(sums[k]));
    });
    selection.forEach((latent, k) => {
      direction[n * width + latent] = largest > 0 ? sums[k] / largest : 0;
    });
  }
  return direction;
}

/** The factor of each class's slope: softmax over the wrong classes, and -1 (cross-entropy) or 0 for the true one. */
function attackWeights(
  { values, samples, classes }: ClassScores,
  labels: Int32Array,
  objective: AttackObjective,
): Float64Array {
  const weights = values.slice();
  for (let n = 0; n < samples; n++) {
    const row = weights.subarray(n * classes, (n + 1) * classes);
    row[labels[n]] = Number.NEGATIVE_INFINITY;
    const total = logSumExp(row);
    for (let u = 0; u < classes; u++) row[u] = Math.exp(row[u] - total);
    row[labels[n]] = objective === "cross-entropy" ? -1 : 0;
  }
  return weights;
}

/** Sum over u of weight_u d/dw log p(w|u) = weight_u (mu(u) - w) / sigma(u)^2. */
function weightedSlope(
  { mean, sigma }: ConditionalGaussian,
  weights: Float64Array,
  latent: number,
  w: number,
  width: number,
): number {
  let slope = 0;
  for (let u = 0; u < weights.length; u++) {
    const entry = u * width + latent;
    slope += (weights[u] * (mean[entry] - w)) / sigma[entry] ** 2;
  }
  return slope;
}

import { classLogLikelihoods, logJoint } from "./class-likelihood.js";
import { largestClass, logSumExp } from "./classifier.js";
import type { ConditionalDensity } from "./conditional-gaussian.js";
import { type LatentDensity, latentDensity } from "./latent-density.js";
import { passesRejection } from "./rejection.js";
import { checkLabels } from "./sample-matrix.js";

/** The Bayes classifier p_S(u|x) proportional to p(w_S|u) p(u), as data. */
export interface LatentClassifier {
  readonly gaussian: ConditionalDensity;
  /** The selected latents S. */
  readonly selection: readonly number[];
  /** log p(u). Shape [classes]. */
  readonly logPrior: Float64Array;
}

/**
 * The direction in which the cross-entropy -log p_S(y|x) of the true class y grows: its gradient with respect to the
 * latents, each sample's divided by a positive factor, which attacks that go by signs do not see. With
 * v_u = p(w_S|u) p(u) / sum over u' != y of the same,
 *   sum over u != y of v_u (d/dw log p(w_S|u) - d/dw log p(w_S|y)),
 * which is the gradient over 1 - p_S(y|x). The gradient itself vanishes in floating point where the classifier is
 * certain, and an attack along it would fail for that reason alone.
 *
 * With `evade` the direction is that of an attack that knows the rejection rule with this k: where y is no longer
 * predicted it climbs the density of the wrong classes, sum over u != y of v_u d/dw log p(w_S|u), to where the rule
 * lets samples pass, and it is 0 where a sample errs and passes already.
 *
 * @param latents shape [samples][d].
 * @param labels the true classes. Shape [samples].
 * @returns shape [samples][d]; 0 outside of the selected latents. The largest entry of each sample is 1 in size (or
 *   all are 0), so that float32 can carry it through a network.
 * @throws InputError as `classLogLikelihoods` does, or when the labels do not fit.
 */
export function attackDirection(
  classifier: LatentClassifier,
  latents: Float32Array,
  labels: Int32Array,
  evade?: number,
): Float32Array {
  const { gaussian, selection } = classifier;
  const classes = gaussian.classes.length;
  const width = latents.length / labels.length;
  const weights = slopeWeights(classifier, latents, labels, evade);
  const direction = new Float32Array(latents.length);
  const densities = selection.map((latent) =>
    gaussian.classes.map((_, u) => latentDensity(gaussian, u, latent, width)),
  );
  const slopes = new Float64Array(selection.length);
  for (let n = 0; n < labels.length; n++) {
    const row = weights.subarray(n * classes, (n + 1) * classes);
    let largest = 0;
    selection.forEach((latent, k) => {
      slopes[k] = weightedSlope(densities[k], row, latents[n * width + latent]);
      largest = Math.max(largest, Math.abs(slopes[k]));
    });
    if (largest === 0) continue;
    selection.forEach((latent, k) => {
      direction[n * width + latent] = slopes[k] / largest;
    });
  }
  return direction;
}

/** The factor of d/dw log p(w_S|u) of every class in the direction. Shape [samples][classes]. */
function slopeWeights(
  { gaussian, selection, logPrior }: LatentClassifier,
  latents: Float32Array,
  labels: Int32Array,
  evade: number | undefined,
): Float64Array {
  const samples = labels.length;
  checkLabels(labels, samples, gaussian.classes.length);
  const matrix = { values: latents, samples, width: latents.length / samples };
  const likelihoods = classLogLikelihoods(gaussian, matrix, selection);
  const joint = logJoint(likelihoods, logPrior);
  const predicted = largestClass(joint);
  const passes = evade === undefined ? undefined : passesRejection(gaussian, likelihoods, selection, evade);
  const { values, classes } = joint;
  for (let n = 0; n < samples; n++) {
    const row = values.subarray(n * classes, (n + 1) * classes);
    const errs = predicted[n] !== labels[n];
    if (errs && passes?.[n]) {
      row.fill(0);
      continue;
    }
    row[labels[n]] = Number.NEGATIVE_INFINITY;
    const total = logSumExp(row);
    for (let u = 0; u < classes; u++) row[u] = Math.exp(row[u] - total);
    row[labels[n]] = errs && passes ? 0 : -1;
  }
  return values;
}

/** Sum over u of weight_u d/dw log p(w|u). */
const weightedSlope = (densities: readonly LatentDensity[], weights: Float64Array, w: number): number =>
  densities.reduce((sum, density, u) => sum + weights[u] * density.slope(w), 0);

import { SecondMoments } from "../algebra/second-moments.js";
import { type Eigen, symmetricEigen } from "../algebra/symmetric.js";
import { InputError } from "../errors.js";
import type { ClassScores } from "./class-likelihood.js";
import { checkLabels, checkSampleMatrix, column, type SampleMatrix, selectRows } from "./sample-matrix.js";

/** A Gaussian with full covariance: what a class looks like where its latents need not be independent. */
export interface FullGaussian {
  /** Shape [width]. */
  readonly mean: Float64Array;
  /** Shape [width][width]. */
  readonly covariance: Float64Array;
}

/**
 * Mean and covariance of the latents of each class, divided by the number of samples.
 *
 * @throws InputError when shapes do not fit, a value is not finite or a class has no sample.
 */
export function fullGaussians(latents: SampleMatrix, labels: Int32Array, classes: number): FullGaussian[] {
  checkSampleMatrix(latents, "The latents");
  checkLabels(labels, latents.samples, classes);
  for (let i = 0; i < latents.width; i++) column(latents, i, "The latents");
  return Array.from({ length: classes }, (_, u) => {
    const rows = [...labels.keys()].filter((n) => labels[n] === u);
    if (rows.length === 0) throw new InputError(`Class ${u} has no sample, expected at least one.`);
    const moments = new SecondMoments(latents.width);
    moments.add(selectRows(latents, rows).values);
    return { mean: moments.mean(), covariance: moments.covariance() };
  });
}

/**
 * log p(w|u) under Gaussians with full covariance. With equal priors its largest class is that of quadratic discriminant
 * analysis.
 *
 * @throws InputError when shapes do not fit or a covariance is not positive definite.
 */
export function fullLogLikelihoods(gaussians: readonly FullGaussian[], latents: SampleMatrix): ClassScores {
  checkSampleMatrix(latents, "The latents");
  const { samples, width } = latents;
  const classes = gaussians.length;
  const values = new Float64Array(samples * classes);
  const difference = new Float64Array(width);
  gaussians.forEach(({ mean, covariance }, u) => {
    if (mean.length !== width) {
      throw new InputError(`The latents have ${width} columns; the class statistics have ${mean.length}.`);
    }
    const { values: variances, vectors } = definite(symmetricEigen(covariance, width), u);
    const constant = variances.reduce((sum, variance) => sum + 0.5 * Math.log(2 * Math.PI * variance), 0);
    for (let n = 0; n < samples; n++) {
      for (let i = 0; i < width; i++) difference[i] = latents.values[n * width + i] - mean[i];
      let distance = 0;
      for (let k = 0; k < width; k++) {
        let along = 0;
        for (let i = 0; i < width; i++) along += vectors[k * width + i] * difference[i];
        distance += (along * along) / variances[k];
      }
      values[n * classes + u] = -0.5 * distance - constant;
    }
  });
  return { values, samples, classes };
}

function definite(eigen: Eigen, u: number): Eigen {
  const smallest = eigen.values[eigen.values.length - 1];
  if (smallest > 1e-12 * eigen.values[0]) return eigen;
  throw new InputError(
    `The latents of class ${u} depend on one another exactly, or it has too few samples: its covariance is singular.`,
  );
}

/**
 * How far latents are from independent within classes: the mean of |correlation| over all pairs of latents and all
 * classes, 0..1. With n samples a class, independent Gaussians give about 0.8 / sqrt(n). 0 for a single latent.
 */
export function withinClassCorrelation(gaussians: readonly FullGaussian[]): number {
  let sum = 0;
  let pairs = 0;
  for (const { mean, covariance } of gaussians) {
    const width = mean.length;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < i; j++) {
        const scale = Math.sqrt(covariance[i * width + i] * covariance[j * width + j]);
        if (scale > 0) sum += Math.abs(covariance[i * width + j]) / scale;
        pairs++;
      }
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

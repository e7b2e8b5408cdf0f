import { SecondMoments } from "../../algebra/second-moments.js";
import { type Eigen, matrixFunction, symmetricEigen } from "../../algebra/symmetric.js";
import type { SampleMatrix } from "../sample-matrix.js";

/** Means and covariances of true components and latents side by side, the components first. */
export interface LatentMoments {
  readonly samples: number;
  /** True components n. */
  readonly components: number;
  /** Latents d. */
  readonly latents: number;
  /** Shape [n + d]. */
  readonly mean: Float64Array;
  /** Divided by the number of samples. Shape [n + d][n + d]. */
  readonly covariance: Float64Array;
}

/** Samples that are put side by side at a time. */
const CHUNK = 1024;

/** Moments of the same samples in both. */
export function latentMoments(truth: SampleMatrix, estimate: SampleMatrix): LatentMoments {
  const [n, d] = [truth.width, estimate.width];
  const moments = new SecondMoments(n + d);
  for (let from = 0; from < truth.samples; from += CHUNK) {
    const count = Math.min(CHUNK, truth.samples - from);
    const both = new Float64Array(count * (n + d));
    for (let k = 0; k < count; k++) {
      const sample = from + k;
      both.set(truth.values.subarray(sample * n, (sample + 1) * n), k * (n + d));
      both.set(estimate.values.subarray(sample * d, (sample + 1) * d), k * (n + d) + n);
    }
    moments.add(both);
  }
  const covariance = moments.covariance();
  return { samples: truth.samples, components: n, latents: d, mean: moments.mean(), covariance };
}

/** Moments of two sets of samples together. */
export function pooledMoments(a: LatentMoments, b: LatentMoments): LatentMoments {
  const samples = a.samples + b.samples;
  const [shareA, shareB] = [a.samples / samples, b.samples / samples];
  const width = a.mean.length;
  const covariance = a.covariance.map((value, k) => {
    const [i, j] = [Math.floor(k / width), k % width];
    const between = (a.mean[i] - b.mean[i]) * (a.mean[j] - b.mean[j]);
    return shareA * value + shareB * b.covariance[k] + shareA * shareB * between;
  });
  const mean = a.mean.map((value, k) => shareA * value + shareB * b.mean[k]);
  return { ...a, samples, mean, covariance };
}

/** Standard deviations of all columns, [n + d]. */
export function deviations({ mean, covariance }: LatentMoments): Float64Array {
  return mean.map((_, k) => Math.sqrt(Math.max(0, covariance[k * (mean.length + 1)])));
}

/**
 * Correlations of the columns `rows` with the columns `columns`, [rows][columns]; a constant column correlates with
 * nothing, not even itself.
 */
export function correlations(moments: LatentMoments, rows: Range, columns: Range): Float64Array {
  const width = moments.mean.length;
  const sd = deviations(moments);
  return Float64Array.from({ length: rows.count * columns.count }, (_, k) => {
    const i = rows.from + Math.floor(k / columns.count);
    const j = columns.from + (k % columns.count);
    const scale = sd[i] * sd[j];
    return scale > 0 ? moments.covariance[i * width + j] / scale : 0;
  });
}

/** Some columns that lie together. */
export interface Range {
  readonly from: number;
  readonly count: number;
}

export const truthRange = ({ components }: LatentMoments): Range => ({ from: 0, count: components });
export const latentRange = ({ components, latents }: LatentMoments): Range => ({
  from: components,
  count: latents,
});

/** An eigenvalue of a correlation matrix below this part of the largest is rounding of the samples to float32. */
const ROUNDING = 1e-12;

/** The correlation matrix of some columns, in the form that inverses are made of. */
export interface CorrelationEigen {
  readonly eigen: Eigen;
  /** How many directions vary. */
  readonly rank: number;
}

export function correlationEigen(moments: LatentMoments, range: Range): CorrelationEigen {
  const eigen = symmetricEigen(correlations(moments, range, range), range.count);
  return { eigen, rank: eigen.values.filter((value) => isPositive(eigen, value)).length };
}

/** R^p of a correlation matrix within the directions that vary, for p < 0. */
export function inversePower({ eigen }: CorrelationEigen, power: -1 | -0.5): Float64Array {
  return matrixFunction(eigen, (value) => (isPositive(eigen, value) ? value ** power : 0));
}

const isPositive = ({ values }: Eigen, value: number): boolean => value > 0 && value > values[0] * ROUNDING;

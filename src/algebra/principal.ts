import { addRowProducts, tiled } from "./row-products.js";
import { SecondMoments } from "./second-moments.js";
import { type Eigen, orient, symmetricEigen } from "./symmetric.js";

/** The directions in which samples vary, by how much. */
export interface PrincipalComponents {
  readonly mean: Float64Array;
  /** Variances along the directions, divided by the number of samples; largest first. */
  readonly variances: Float64Array;
  /** Orthonormal directions, a row each; the largest entry is positive. Shape [components][width]. */
  readonly directions: Float64Array;
}

/** A direction whose variance is below this part of the largest is what rounding to float32 leaves of none. */
const ROUNDING = 1e-12;

/**
 * The principal components of samples [sample][width]: the eigenvectors of their covariance, or, where samples are
 * fewer than columns, those of their products with each other. Directions without variance are left out.
 */
export function principalComponents(values: Float32Array, width: number): PrincipalComponents {
  if (values.length / width < width) return componentsOfFew(values, width);
  const moments = new SecondMoments(width);
  moments.add(values);
  return componentsOf(moments);
}

/** The same from moments, for samples that come piece by piece and are more than columns. */
export function componentsOf(moments: SecondMoments): PrincipalComponents {
  const eigen = symmetricEigen(moments.covariance(), moments.width);
  const variances = withVariance(eigen);
  const directions = eigen.vectors.slice(0, variances.length * moments.width);
  return { mean: moments.mean(), variances, directions };
}

/** X X' / N = U D U' has the eigenvalues of the covariance X' X / N, whose eigenvectors are X' U / sqrt(N D). */
function componentsOfFew(values: Float32Array, width: number): PrincipalComponents {
  const samples = values.length / width;
  const mean = new Float64Array(width);
  for (let k = 0; k < values.length; k++) mean[k % width] += values[k] / samples;
  const rows = tiled(samples);
  const centred = new Float64Array(rows * width);
  for (let k = 0; k < values.length; k++) centred[k] = values[k] - mean[k % width];
  const products = new Float64Array(rows * rows);
  addRowProducts(centred, rows, centred, rows, width, products);
  const gram = new Float64Array(samples * samples);
  for (let k = 0; k < gram.length; k++) {
    gram[k] = products[Math.floor(k / samples) * rows + (k % samples)] / samples;
  }
  const eigen = symmetricEigen(gram, samples);
  const variances = withVariance(eigen);
  const directions = new Float64Array(variances.length * width);
  variances.forEach((variance, k) => {
    const row = directions.subarray(k * width, (k + 1) * width);
    for (let n = 0; n < samples; n++) {
      const factor = eigen.vectors[k * samples + n] / Math.sqrt(samples * variance);
      for (let i = 0; i < width; i++) row[i] += factor * centred[n * width + i];
    }
    orient(row);
  });
  return { mean, variances, directions };
}

function withVariance({ values }: Eigen): Float64Array {
  return values.filter((value) => value > 0 && value > values[0] * ROUNDING);
}

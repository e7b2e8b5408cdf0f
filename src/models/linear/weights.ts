import type { PrincipalComponents } from "../../algebra/principal.js";
import { signOfLargest } from "../../algebra/symmetric.js";

/** An affine map from data to latents and its inverse, as two dense layers in PyTorch's layout. */
export interface LinearWeights {
  /** w = unmixing x + unmixingBias. Shapes [latents][columns] and [latents]. */
  readonly unmixing: Float32Array;
  readonly unmixingBias: Float32Array;
  /** x = mixing w + mixingBias. Shapes [columns][latents] and [columns]. */
  readonly mixing: Float32Array;
  readonly mixingBias: Float32Array;
  /** log of the factor by which the map changes volumes within the directions that it keeps. */
  readonly logVolume: number;
}

/**
 * The map whose latents are a rotation of the whitened leading principal components, w = S R D^(-1/2) V (x - mean),
 * and back x = mean + V' D^(1/2) R' S^(-1) w. The scales S are `scale`, or where it is undefined those that make
 * every column of the mixing a unit vector, so that a latent's standard deviation is its share in the data. Latents
 * are sorted by that share, largest first, and the largest entry of each column of the mixing is positive.
 *
 * @param rotation R, orthogonal; the identity gives the principal components. Shape [latents][latents].
 */
export function linearWeights(
  { mean, variances, directions }: PrincipalComponents,
  rotation: Float64Array,
  scale: number | undefined,
): LinearWeights {
  const latents = Math.sqrt(rotation.length);
  const columns = mean.length;
  const deviations = Array.from(variances.subarray(0, latents), Math.sqrt);
  const found = Array.from({ length: latents }, (_, i) => {
    const column = combine(directions, columns, deviations, rotation.subarray(i * latents));
    const length = Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
    const inverse = deviations.map((deviation) => 1 / deviation);
    const row = combine(directions, columns, inverse, rotation.subarray(i * latents));
    return { column, row, length, sign: signOfLargest(column) };
  });
  found.sort((a, b) => b.length - a.length);
  const unmixing = new Float32Array(latents * columns);
  const mixing = new Float32Array(columns * latents);
  const unmixingBias = new Float32Array(latents);
  let logVolume = -deviations.reduce((sum, deviation) => sum + Math.log(deviation), 0);
  found.forEach(({ column, row, length, sign }, i) => {
    const factor = scale ?? length;
    logVolume += Math.log(factor);
    let bias = 0;
    for (let j = 0; j < columns; j++) {
      unmixing[i * columns + j] = sign * factor * row[j];
      mixing[j * latents + i] = (sign * column[j]) / factor;
      bias -= sign * factor * row[j] * mean[j];
    }
    unmixingBias[i] = bias;
  });
  return { unmixing, unmixingBias, mixing, mixingBias: Float32Array.from(mean), logVolume };
}

/** The sum over k of factors_k weights_k times the k-th direction. */
function combine(
  directions: Float64Array,
  columns: number,
  factors: readonly number[],
  weights: Float64Array,
): Float64Array {
  const sum = new Float64Array(columns);
  factors.forEach((factor, k) => {
    const weight = factor * weights[k];
    if (weight !== 0) for (let j = 0; j < columns; j++) sum[j] += weight * directions[k * columns + j];
  });
  return sum;
}

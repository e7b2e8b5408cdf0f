import { type PrincipalComponents, principalComponents } from "../algebra/principal.js";
import { checkSampleMatrix, type SampleMatrix } from "./sample-matrix.js";

export { type PrincipalComponents, principalComponents };

/** The two directions in which samples vary most, and the samples seen along them. */
export interface PrincipalPlane {
  /** Orthonormal directions; 0 where there is no such direction. Shape [2][d]. */
  readonly directions: Float64Array;
  /** Centred samples along the directions. Shape [samples][2]. */
  readonly scores: Float32Array;
  /** Part of the total variance along each direction, 0..1. */
  readonly explained: readonly [number, number];
}

/**
 * The plane of the two leading principal components, and the samples projected on it. The largest entry of each
 * direction is positive, so that the sign is determined.
 *
 * @param components by default those of the samples; others like them do as well.
 * @throws InputError when the shape does not fit.
 */
export function principalPlane(matrix: SampleMatrix, components?: PrincipalComponents): PrincipalPlane {
  checkSampleMatrix(matrix, "The samples");
  const { values, samples, width } = matrix;
  const { mean, variances, directions: all } = components ?? principalComponents(values, width);
  const directions = new Float64Array(2 * width);
  directions.set(all.subarray(0, 2 * width));
  const scores = new Float32Array(2 * samples);
  for (let n = 0; n < samples; n++) {
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let i = 0; i < width; i++) {
        sum += (values[n * width + i] - mean[i]) * directions[axis * width + i];
      }
      scores[2 * n + axis] = sum;
    }
  }
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  const share = (axis: number): number => (variances[axis] ?? 0) / (total || 1);
  return { directions, scores, explained: [share(0), share(1)] };
}

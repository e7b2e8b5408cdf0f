import { checkSampleMatrix, type SampleMatrix } from "./sample-matrix.js";

/** The two directions in which samples vary most, and the samples seen along them. */
export interface PrincipalPlane {
  /** Orthonormal directions. Shape [2][d]; of one column, the second is 0. */
  readonly directions: Float64Array;
  /** Centred samples along the directions. Shape [samples][2]. */
  readonly scores: Float32Array;
  /** Part of the total variance along each direction, 0..1. */
  readonly explained: readonly [number, number];
}

/**
 * The two leading principal directions, by orthogonal iteration V <- orth(X^T X V) on the centred samples, and the
 * samples projected on them. Costs a few dozen passes over the data and no covariance matrix, so pass a few thousand
 * samples when they are wide. The largest entry of each direction is positive, so that the sign is determined.
 *
 * @throws InputError when the shape does not fit.
 */
export function principalPlane(matrix: SampleMatrix, passes = 60): PrincipalPlane {
  checkSampleMatrix(matrix, "The samples");
  const { values, samples, width } = matrix;
  const mean = new Float64Array(width);
  for (let k = 0; k < values.length; k++) mean[k % width] += values[k] / samples;
  const centred = Float64Array.from(values, (value, k) => value - mean[k % width]);

  let directions = orthonormalise(startingDirections(width), width);
  for (let pass = 0; pass < passes; pass++) {
    const scores = project(centred, directions, samples, width);
    const next = new Float64Array(2 * width);
    for (let n = 0; n < samples; n++) {
      for (let i = 0; i < width; i++) {
        next[i] += scores[2 * n] * centred[n * width + i];
        next[width + i] += scores[2 * n + 1] * centred[n * width + i];
      }
    }
    directions = orthonormalise(next, width);
  }

  const scores = project(centred, directions, samples, width);
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  const share = (axis: number): number => {
    let sum = 0;
    for (let n = 0; n < samples; n++) sum += scores[2 * n + axis] ** 2;
    return total > 0 ? sum / total : 0;
  };
  return { directions, scores: Float32Array.from(scores), explained: [share(0), share(1)] };
}

/** Fixed, dense and unlike each other, so that neither is orthogonal to a leading direction but by bad luck. */
function startingDirections(width: number): Float64Array {
  return Float64Array.from({ length: 2 * width }, (_, k) => Math.cos(1 + 12.9898 * k + 0.618 * k * k));
}

/** Gram-Schmidt on two rows; a row without length stays 0. The largest entry of each is made positive. */
function orthonormalise(rows: Float64Array, width: number): Float64Array {
  const first = unit(rows.subarray(0, width));
  const second = rows.slice(width);
  for (let round = 0; round < 2; round++) {
    const along = second.reduce((sum, value, i) => sum + value * first[i], 0);
    for (let i = 0; i < width; i++) second[i] -= along * first[i];
  }
  const out = new Float64Array(2 * width);
  out.set(first);
  if (width > 1) out.set(unit(second), width);
  return out;
}

function unit(row: Float64Array): Float64Array {
  let largest = 0;
  for (const value of row) if (Math.abs(value) > Math.abs(largest)) largest = value;
  const norm = Math.sign(largest) * Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? new Float64Array(row.length) : row.map((value) => value / norm);
}

function project(
  centred: Float64Array,
  directions: Float64Array,
  samples: number,
  width: number,
): Float64Array {
  const scores = new Float64Array(2 * samples);
  for (let n = 0; n < samples; n++) {
    for (let i = 0; i < width; i++) {
      scores[2 * n] += centred[n * width + i] * directions[i];
      scores[2 * n + 1] += centred[n * width + i] * directions[width + i];
    }
  }
  return scores;
}

import assert from "node:assert/strict";
import { Random } from "../../src/engine/random.js";

/** Repeatable standard normals, rounded to float32. */
export function normals(length: number, seed: number): Float32Array {
  const random = new Random(seed, "tests");
  return Float32Array.from({ length }, () => random.normal());
}

/** Largest difference as a fraction of the reference's largest value; NaN where a value is. */
export function largestError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return difference === 0 ? 0 : difference / scale;
}

/** Asserts that the largest error is within `bound`, as a fraction of the reference's largest value. */
export function assertWithin(
  bound: number,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
): void {
  const error = largestError(actual, expected);
  assert.ok(error <= bound, `${what}: error ${error} of the largest value, at most ${bound} expected`);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/**
 * (f(at + h direction) - f(at - h direction)) / 2h, in double precision. A small step keeps clear of the kinks of
 * the ReLUs.
 */
export function directionalDerivative(
  f: (at: Float64Array) => number,
  at: ArrayLike<number>,
  direction: ArrayLike<number>,
  h = 1e-8,
): number {
  const moved = (step: number) => f(Float64Array.from(at, (value, i) => value + step * direction[i]));
  return (moved(h) - moved(-h)) / (2 * h);
}

/** The whole gradient of f by central differences. */
export function centralDifferences(
  f: (at: Float64Array) => number,
  at: ArrayLike<number>,
  h = 1e-6,
): Float64Array {
  return Float64Array.from({ length: at.length }, (_, i) => {
    const unit = Float64Array.from({ length: at.length }, (_, j) => (i === j ? 1 : 0));
    return directionalDerivative(f, at, unit, h);
  });
}

/** log |det A| of a square matrix, row-major, by elimination with partial pivoting. */
export function logAbsDeterminant(matrix: ArrayLike<number>, size: number): number {
  const rows = Array.from({ length: size }, (_, r) =>
    Float64Array.from({ length: size }, (_, c) => matrix[r * size + c]),
  );
  let total = 0;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let r = k + 1; r < size; r++) if (Math.abs(rows[r][k]) > Math.abs(rows[pivot][k])) pivot = r;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    total += Math.log(Math.abs(rows[k][k]));
    for (let r = k + 1; r < size; r++) {
      const factor = rows[r][k] / rows[k][k];
      for (let c = k; factor !== 0 && c < size; c++) rows[r][c] -= factor * rows[k][c];
    }
  }
  return total;
}

import { InputError } from "../errors.js";
import { checkSampleMatrix, column, type SampleMatrix } from "./sample-matrix.js";
import { sortedOrder } from "./sorted-order.js";

/** Pearson measures a linear relation, Spearman a monotone one (Pearson on ranks). */
export type CorrelationKind = "pearson" | "spearman";

/**
 * Correlation of every column of `first` with every column of `second`,
 * r_ij = sum_n (a_ni - mean a_i)(b_nj - mean b_j) / (|a_i - mean a_i| |b_j - mean b_j|),
 * on the values (Pearson) or on their ranks, equal values sharing their average rank (Spearman).
 * A constant column correlates 0 with everything.
 *
 * @returns shape [first.width][second.width], values in -1..1, accumulated in double precision.
 * @throws InputError when the numbers of samples differ, there are fewer than two, or a value is not finite.
 */
export function correlationMatrix(
  first: SampleMatrix,
  second: SampleMatrix,
  kind: CorrelationKind = "pearson",
): number[][] {
  checkSampleMatrix(first, "The first matrix");
  checkSampleMatrix(second, "The second matrix");
  if (first.samples !== second.samples) {
    throw new InputError(
      `Correlation needs the same samples on both sides; got ${first.samples} and ${second.samples} rows.`,
    );
  }
  if (first.samples < 2) throw new InputError("Correlation needs at least two samples; got one.");

  const prepare = (matrix: SampleMatrix, index: number, name: string): Float64Array => {
    const values = column(matrix, index, name);
    return standardise(kind === "spearman" ? averageRanks(values) : values);
  };
  const firstColumns = Array.from({ length: first.width }, (_, i) => prepare(first, i, "The first matrix"));
  const matrix = firstColumns.map(() => new Array<number>(second.width).fill(0));
  for (let j = 0; j < second.width; j++) {
    const other = prepare(second, j, "The second matrix");
    for (let i = 0; i < firstColumns.length; i++) matrix[i][j] = clampToUnit(dot(firstColumns[i], other));
  }
  return matrix;
}

/** Ranks 1..N of the values; equal values share the average of the ranks they cover. Shape [N]. */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = sortedOrder(Float64Array.from(values));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let k = start; k < end; k++) ranks[order[k]] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Centred and scaled to unit length; all zero for a constant column. Works in place. */
function standardise(values: Float64Array): Float64Array {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let largest = 0;
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    largest = Math.max(largest, Math.abs(values[n]));
    values[n] -= mean;
    squares += values[n] ** 2;
  }
  const norm = Math.sqrt(squares);
  // What the rounding of the mean leaves of a constant column is not variation.
  if (norm <= 1e-13 * largest * Math.sqrt(values.length)) return values.fill(0);
  for (let n = 0; n < values.length; n++) values[n] /= norm;
  return values;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}

const clampToUnit = (value: number): number => Math.max(-1, Math.min(1, value));

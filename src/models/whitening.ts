import { componentsOf } from "../algebra/principal.js";
import { SecondMoments } from "../algebra/second-moments.js";
import { matrixFunction } from "../algebra/symmetric.js";
import type { Dataset } from "../data/dataset.js";

/** A symmetric matrix that makes standardised columns uncorrelated, and its inverse; plain data, saved with the model. */
export interface Whitening {
  /** C^(-1/2), C being the columns' correlations. Shape [column][column]. */
  readonly matrix: readonly number[];
  /** C^(1/2). */
  readonly inverse: readonly number[];
  /** log of the determinant of C^(-1/2). */
  readonly logDeterminant: number;
}

/** Directions with less than this part of the largest variance hold nothing but rounding, and have no inverse. */
const LEAST_VARIANCE = 1e-9;

/**
 * The whitening of the columns `kept` after each was centred and divided by its scale: C^(-1/2), which of all whitenings
 * changes the columns least (Kessy, Lewin and Strimmer, "Optimal whitening and decorrelation", 2018: ZCA-cor). C is that
 * of the samples in memory. Undefined where columns depend on one another linearly.
 */
export function whiteningOf(
  { features, width }: Dataset,
  kept: readonly number[],
  center: readonly number[],
  scale: readonly number[],
): Whitening | undefined {
  const size = kept.length;
  const moments = new SecondMoments(size);
  const row = new Float64Array(size);
  for (let from = 0; from < features.length; from += width) {
    for (let j = 0; j < size; j++) row[j] = (features[from + kept[j]] - center[j]) / scale[j];
    moments.add(row);
  }
  const { variances, directions } = componentsOf(moments);
  const least = variances.length < size ? 0 : variances[size - 1] / variances[0];
  if (!(least >= LEAST_VARIANCE)) return undefined;
  const eigen = { values: variances, vectors: directions };
  return {
    matrix: Array.from(matrixFunction(eigen, (variance) => 1 / Math.sqrt(variance))),
    inverse: Array.from(matrixFunction(eigen, Math.sqrt)),
    logDeterminant: variances.reduce((sum, variance) => sum - Math.log(variance) / 2, 0),
  };
}

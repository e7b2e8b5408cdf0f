import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { Random } from "../../engine/random.js";
import type { ConditionStatistics } from "./condition-statistics.js";
import {
  centredRows,
  type NaturalDifferences,
  type NaturalParameter,
  type StandardStatistics,
  standardStatistics,
} from "./natural-parameters.js";
import { type LatentVariation, usualTolerance } from "./variation.js";

/** How many directions the natural parameters span, beyond what noise spans. */
export interface SpannedRank {
  readonly rank: number;
  /** Singular values of L in units of its noise, largest first; min(conditions - 1, parameters) of them. */
  readonly singularValues: readonly number[];
  /** What the first singular value that does not count would have to exceed; null where all count. */
  readonly noiseLevel: number | null;
}

/** Draws of the noise; the largest of them is exceeded by chance in about one case of a hundred. */
const DRAWS = 100;

/**
 * The rank of L, estimated: the number of singular values that noise does not explain. Means and standard deviations are
 * known up to sigma / sqrt(n) and sigma sqrt((kurtosis - 1) / 4n), and differences up to the tolerance do not count;
 * both pass to the natural parameters to first order. Rows and columns are divided by their typical noise, which
 * changes no rank. Under the hypothesis that the rank is r, the next singular value is, to first order, the norm of the
 * noise outside the leading r singular directions; r is the smallest number for which it does not exceed the largest of
 * 100 such norms drawn at random (compare Kleibergen and Paap 2006).
 */
export function spannedRank(
  statistics: ConditionStatistics,
  variations: readonly LatentVariation[],
  differences: NaturalDifferences,
  { tolerance = usualTolerance, seed = 0 }: { readonly tolerance?: number; readonly seed?: number } = {},
): SpannedRank {
  const { parameters, values } = differences;
  const [rows, columns] = [values.length, parameters.length];
  const length = Math.min(rows - 1, columns);
  if (length < 1) return { rank: 0, singularValues: [], noiseLevel: null };
  const table = standardStatistics(statistics, variations);
  const errors = table.map((row) => parameters.map((parameter) => errorOf(row, parameter, tolerance)));
  const weights = noiseWeights(errors);
  const weighted = (matrix: readonly Float64Array[]) =>
    matrix.map((row, k) => row.map((value, j) => value * weights.row[k] * weights.column[j]));
  const decomposition = new SingularValueDecomposition(new Matrix(weighted(values).map((row) => [...row])), {
    autoTranspose: true,
  });
  const singular = decomposition.diagonal.slice(0, length);
  const random = new Random(seed, "noise of natural parameters");
  const noises = Array.from({ length: DRAWS }, () =>
    weighted(centredRows(table.map((row) => drawNoise(row, parameters, tolerance, random)))),
  );
  for (let rank = 0; rank < length; rank++) {
    const level = Math.max(...noises.map(spectralNorm));
    if (singular[rank] <= level) return { rank, singularValues: singular, noiseLevel: level };
    const left = decomposition.leftSingularVectors.getColumn(rank);
    const right = decomposition.rightSingularVectors.getColumn(rank);
    for (const noise of noises) removeDirections(noise, left, right);
  }
  return { rank: length, singularValues: singular, noiseLevel: null };
}

/** Standard deviations of the noise of a mean, in units of sigma, and of a variance, in units of itself. */
function relativeErrors({ count, kurtosis }: StandardStatistics, tolerance: number) {
  return {
    mean: Math.sqrt(1 / count + tolerance ** 2),
    variance: Math.sqrt(Math.max(0.1, kurtosis - 1) / Math.max(1, count - 1) + (2 * tolerance) ** 2),
  };
}

/** d(mu / sigma^2) = dmu / sigma^2 - mu / sigma^2 (dv / v), d(-1 / 2 sigma^2) = 1 / (2 sigma^2) (dv / v). */
function errorOf(
  row: readonly StandardStatistics[],
  { latent, of }: NaturalParameter,
  tolerance: number,
): number {
  const { mean, sigma } = row[latent];
  const error = relativeErrors(row[latent], tolerance);
  if (of === "scale") return error.variance / (2 * sigma ** 2);
  return Math.hypot(error.mean / sigma, (mean / sigma ** 2) * error.variance);
}

function drawNoise(
  row: readonly StandardStatistics[],
  parameters: readonly NaturalParameter[],
  tolerance: number,
  random: Random,
): Float64Array {
  const drawn = row.map((one) => {
    const error = relativeErrors(one, tolerance);
    return { mean: error.mean * random.normal(), variance: error.variance * random.normal() };
  });
  return Float64Array.from(parameters, ({ latent, of }) => {
    const { mean, sigma } = row[latent];
    const { mean: meanError, variance } = drawn[latent];
    if (of === "scale") return variance / (2 * sigma ** 2);
    return meanError / sigma - (mean / sigma ** 2) * variance;
  });
}

/** Factors of rows and columns that bring the geometric mean of the errors in each to 1, as nearly as factors can. */
function noiseWeights(errors: readonly (readonly number[])[]): { row: number[]; column: number[] } {
  const logs = errors.map((row) => row.map(Math.log));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const row = logs.map(mean);
  const column = logs[0].map((_, j) => mean(logs.map((values, k) => values[j] - row[k])));
  return { row: row.map((value) => Math.exp(-value)), column: column.map((value) => Math.exp(-value)) };
}

const STEPS = 30;

/** The largest singular value, by power iteration; from below, within some 1 % of it. */
function spectralNorm(matrix: readonly Float64Array[]): number {
  let vector = new Float64Array(matrix[0].length).map((_, j) => 1 + 0.1 * Math.cos(j));
  let norm = 0;
  for (let step = 0; step < STEPS; step++) {
    const image = matrix.map((row) => row.reduce((sum, value, j) => sum + value * vector[j], 0));
    const back = new Float64Array(vector.length);
    matrix.forEach((row, k) => {
      for (let j = 0; j < back.length; j++) back[j] += row[j] * image[k];
    });
    const length = Math.hypot(...back);
    if (length === 0) return 0;
    norm = Math.sqrt(length);
    vector = back.map((value) => value / length);
  }
  return norm;
}

/** Takes the parts along u (of columns) and v (of rows) out of a matrix: (1 - u u') E (1 - v v'). */
function removeDirections(matrix: readonly Float64Array[], u: readonly number[], v: readonly number[]): void {
  for (const row of matrix) {
    const along = row.reduce((sum, value, j) => sum + value * v[j], 0);
    for (let j = 0; j < row.length; j++) row[j] -= along * v[j];
  }
  for (let j = 0; j < v.length; j++) {
    const along = matrix.reduce((sum, row, k) => sum + row[j] * u[k], 0);
    for (let k = 0; k < matrix.length; k++) matrix[k][j] -= along * u[k];
  }
}

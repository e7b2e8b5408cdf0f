import { singularValues } from "../../algebra/singular-values.js";
import { type ConditionStatistics, withinConditions } from "./condition-statistics.js";
import type { LatentVariation } from "./variation.js";

/** A column of L: one natural parameter of one latent. */
export interface NaturalParameter {
  readonly latent: number;
  /** "mean": mu / sigma^2, that of z; "scale": -1 / (2 sigma^2), that of z^2. */
  readonly of: "mean" | "scale";
}

/** Natural parameters of Gaussian latents by condition, less their mean over the conditions. */
export interface NaturalDifferences {
  readonly parameters: readonly NaturalParameter[];
  /** L, transposed. Shape [conditions][parameters]. */
  readonly values: readonly Float64Array[];
  /** The largest singular value of L over the smallest; infinite where there are fewer directions than parameters. */
  readonly conditionNumber: number;
}

/** Mean and standard deviation of a latent under a condition, in units in which all latents have the same spread. */
export interface StandardStatistics {
  readonly mean: number;
  readonly sigma: number;
  readonly count: number;
  readonly kurtosis: number;
}

/**
 * The matrix L of identifiability theory (iVAE, eq. 14; GIN, section 3.2): the natural parameters lambda(u) of
 * p(z|u), as differences between conditions. Differences are taken from the mean over all conditions, not from one of
 * them: they span the same space, and no condition is singled out. Each latent is first brought to mean 0 and
 * standard deviation 1 within conditions, which changes no rank, so that the condition number does not depend on
 * units. A latent has those parameters that vary: both, or mu (its sigma being constant), or -1 / (2 sigma^2) (its mean
 * being constant).
 */
export function naturalDifferences(
  statistics: ConditionStatistics,
  variations: readonly LatentVariation[],
): NaturalDifferences {
  const parameters = variedParameters(variations);
  const table = standardStatistics(statistics, variations);
  const values = centredRows(
    table.map((row) => Float64Array.from(parameters, (parameter) => naturalParameter(row, parameter))),
  );
  return { parameters, values, conditionNumber: conditionNumberOf(values) };
}

/** The parameters that vary, a latent after the other. */
export function variedParameters(variations: readonly LatentVariation[]): NaturalParameter[] {
  return variations.flatMap(({ latent, mean, scale }) => [
    ...(mean.varies ? [{ latent, of: "mean" } as const] : []),
    ...(scale.varies ? [{ latent, of: "scale" } as const] : []),
  ]);
}

/**
 * By condition and latent, standardised; a parameter that does not vary is the same in all conditions. Shape
 * [conditions][latents].
 */
export function standardStatistics(
  statistics: ConditionStatistics,
  variations: readonly LatentVariation[],
): StandardStatistics[][] {
  const { classes, mean, sigma, counts, kurtosis } = statistics;
  const within = withinConditions(statistics);
  const width = within.length;
  const centre = within.map(
    (_, i) => classes.reduce((sum, _, k) => sum + mean[k * width + i], 0) / classes.length,
  );
  return classes.map((_, k) =>
    variations.map((variation, i) => ({
      mean: variation.mean.varies ? (mean[k * width + i] - centre[i]) / within[i] : 0,
      sigma: variation.scale.varies ? sigma[k * width + i] / within[i] : 1,
      count: counts[k],
      kurtosis: kurtosis[i],
    })),
  );
}

function naturalParameter(row: readonly StandardStatistics[], { latent, of }: NaturalParameter): number {
  const { mean, sigma } = row[latent];
  return of === "mean" ? mean / sigma ** 2 : -0.5 / sigma ** 2;
}

/** Rows less their mean. */
export function centredRows(rows: readonly Float64Array[]): Float64Array[] {
  const mean = (rows[0] ?? new Float64Array()).map(
    (_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length,
  );
  return rows.map((row) => row.map((value, j) => value - mean[j]));
}

function conditionNumberOf(rows: readonly Float64Array[]): number {
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) return Number.NaN;
  if (rows.length <= columns) return Number.POSITIVE_INFINITY;
  const flat = Float64Array.from(
    { length: rows.length * columns },
    (_, n) => rows[Math.floor(n / columns)][n % columns],
  );
  const singular = singularValues(flat, rows.length, columns);
  return singular[0] / singular[singular.length - 1];
}

import { chiSquareTail } from "../gamma-tail.js";
import { type ConditionStatistics, withinConditions } from "./condition-statistics.js";

/** How one parameter of a latent's distribution changes from condition to condition. */
export interface ParameterVariation {
  /** Size of the change over the conditions, what sampling explains taken off; see {@link latentVariations}. */
  readonly effect: number;
  /** The probability of so large differences if the parameter did not change. */
  readonly p: number;
  readonly varies: boolean;
}

export interface LatentVariation {
  readonly latent: number;
  readonly mean: ParameterVariation;
  readonly scale: ParameterVariation;
}

export interface VariationOptions {
  /** Changes up to this size count as none. Default 0.05. */
  readonly tolerance?: number | undefined;
  /** The chance of calling any parameter that does not change a varying one. Default 0.01. */
  readonly significance?: number | undefined;
}

export const usualTolerance = 0.05;

/**
 * Which latents change with the condition, in mean and in scale. The effect on the mean is the standard deviation of the
 * conditions' means in units of the standard deviation within conditions; that on the scale is the standard deviation
 * of log sigma. p is that of a chi-square test of equal means with weights n / sigma^2, and of Bartlett's test of equal
 * variances, divided by (kurtosis - 1) / 2 as Box found necessary ("Non-normality and tests on variances", 1953). A
 * parameter varies where p is below the significance over the number of tests (Bonferroni) and the effect above the
 * tolerance: in many samples, or in a fit's rounding of them, the smallest difference is significant.
 */
export function latentVariations(
  statistics: ConditionStatistics,
  { tolerance = usualTolerance, significance = 0.01 }: VariationOptions = {},
): LatentVariation[] {
  const within = withinConditions(statistics);
  const level = significance / (2 * within.length);
  const judge = ({ effect, p }: Omit<ParameterVariation, "varies">) => ({
    effect,
    p,
    varies: p < level && effect > tolerance,
  });
  return Array.from(within, (deviation, latent) => ({
    latent,
    mean: judge(meanVariation(statistics, latent, deviation)),
    scale: judge(scaleVariation(statistics, latent)),
  }));
}

function meanVariation(
  { classes, mean, sigma, counts }: ConditionStatistics,
  latent: number,
  within: number,
) {
  const width = mean.length / classes.length;
  const means = classes.map((_, k) => mean[k * width + latent]);
  const errors = counts.map((count, k) => sigma[k * width + latent] ** 2 / count);
  const weights = errors.map((error) => 1 / error);
  const centre = sumOf(means.map((value, k) => weights[k] * value)) / sumOf(weights);
  const statistic = sumOf(means.map((value, k) => weights[k] * (value - centre) ** 2));
  const spread = Math.max(0, varianceOf(means) - sumOf(errors) / errors.length);
  return { effect: Math.sqrt(spread) / within, p: pOf(statistic, classes.length) };
}

function scaleVariation({ classes, sigma, counts, kurtosis }: ConditionStatistics, latent: number) {
  const width = sigma.length / classes.length;
  const variances = classes.map((_, k) => sigma[k * width + latent] ** 2);
  const degrees = counts.map((count) => count - 1);
  const total = sumOf(degrees);
  const pooled = sumOf(variances.map((value, k) => degrees[k] * value)) / total;
  const statistic = sumOf(variances.map((value, k) => degrees[k] * Math.log(pooled / value)));
  const inverses = sumOf(degrees.map((value) => 1 / value));
  const correction = 1 + (inverses - 1 / total) / (3 * Math.max(1, classes.length - 1));
  // Twice the sampling variance of log sigma, times n: 1 for Gaussian latents.
  const heaviness = Math.max(0.1, (kurtosis[latent] - 1) / 2);
  const noise = (heaviness * inverses) / (2 * degrees.length);
  const spread = Math.max(0, varianceOf(variances.map((value) => 0.5 * Math.log(value))) - noise);
  return { effect: Math.sqrt(spread), p: pOf(statistic / correction / heaviness, classes.length) };
}

const pOf = (statistic: number, conditions: number): number =>
  conditions > 1 ? chiSquareTail(conditions - 1, statistic) : 1;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** With n - 1; 0 of a single value. */
function varianceOf(values: readonly number[]): number {
  const mean = sumOf(values) / values.length;
  return sumOf(values.map((value) => (value - mean) ** 2)) / Math.max(1, values.length - 1);
}

import type { SpectrumMeasure } from "./spectrum.js";

/**
 * What latents are ranked by: `mi`, mutual information with the condition; `var`, the standard deviation over all data;
 * `sigma`, the standard deviation within conditions.
 */
export const CRITERIA = ["mi", "var", "sigma"] as const;
export type Criterion = (typeof CRITERIA)[number];

/** The criterion that ranks by a measure of the spectrum. */
export const CRITERION_OF: Readonly<Record<SpectrumMeasure, Criterion>> = { sigma: "sigma", std: "var" };

/** What a criterion measures, in words. */
export function quantityOf(criterion: Criterion): string {
  return {
    mi: "mutual information with the condition",
    var: "standard deviation over all data",
    sigma: "standard deviation within conditions",
  }[criterion];
}

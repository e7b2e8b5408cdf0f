import { stirlingRest } from "./gamma-function.js";
import { logSlope, type Support } from "./support.js";

/** The families of GIN's Table 1: exponential families with two sufficient statistics. */
export const LATENT_FAMILIES = [
  "normal",
  "lognormal",
  "inverse-gaussian",
  "gamma",
  "inverse-gamma",
  "beta",
] as const;
export type LatentFamily = (typeof LATENT_FAMILIES)[number];

const SUPPORTS: Readonly<Record<LatentFamily, Support>> = {
  normal: "real",
  lognormal: "positive",
  "inverse-gaussian": "positive",
  gamma: "positive",
  "inverse-gamma": "positive",
  beta: "unit",
};

/** Where a family's values w lie. A flow's outputs v are real; `toSupport` leads from one to the other. */
export const supportOf = (family: LatentFamily): Support => SUPPORTS[family];

/** Families that are not the normal on the real line, as the lognormal is. */
export type CurvedFamily = Exclude<LatentFamily, "normal" | "lognormal">;

/** Whether a density's family, if it has one, is one of Table 1's that is not the normal on the real line. */
export const isCurved = (family: string | undefined): family is CurvedFamily =>
  family !== "normal" && family !== "lognormal" && LATENT_FAMILIES.some((known) => known === family);

/**
 * A member of a family by its place on the real line before the support's map: for all families, v = m + exp(s) times
 * something whose standard deviation tends to 1 as s falls.
 */
export interface FamilyParameters {
  /** m: the mean (normal, lognormal: of v; inverse Gaussian, gamma: log mean; inverse gamma: log of 1 / mean of 1/w; beta: log-odds of the mean). */
  readonly location: number;
  /** s = log of the scale. */
  readonly logScale: number;
}

/** A member's parameters under their usual names, as in SciPy's documentation. */
export function usualParameters(
  family: LatentFamily,
  { location, logScale }: FamilyParameters,
): Readonly<Record<string, number>> {
  const precision = Math.exp(-2 * logScale);
  switch (family) {
    case "normal":
    case "lognormal":
      return { mean: location, sigma: Math.exp(logScale) };
    case "inverse-gaussian":
      return { mean: Math.exp(location), shape: precision * Math.exp(location) };
    case "gamma":
      return { shape: precision, rate: precision * Math.exp(-location) };
    case "inverse-gamma":
      return { shape: precision, scale: precision * Math.exp(location) };
    case "beta": {
      const mean = 1 / (1 + Math.exp(-location));
      const size = precision / (mean * (1 - mean));
      return { alpha: size * mean, beta: size * (1 - mean) };
    }
  }
}

/** log p(v) of the real number v whose value on the support follows the family; the map's slope is part of it. Nats. */
export function logDensity(family: LatentFamily, v: number, parameters: FamilyParameters): number {
  const { location, logScale } = parameters;
  const precision = Math.exp(-2 * logScale);
  const t = v - location;
  switch (family) {
    case "normal":
    case "lognormal":
      return -0.5 * precision * t * t - logScale - HALF_LOG_2_PI;
    case "inverse-gaussian":
      return -0.5 * precision * (Math.expm1(t) + Math.expm1(-t)) - 0.5 * t - logScale - HALF_LOG_2_PI;
    case "gamma":
      return -precision * (Math.expm1(t) - t) - stirlingRest(precision);
    case "inverse-gamma":
      return -precision * (Math.expm1(-t) + t) - stirlingRest(precision);
    case "beta": {
      const { mean, size, alpha, beta } = betaParameters(location, precision);
      // The same near t = 0, where softplus would leave few digits.
      const rise = Math.abs(t) < 1 ? Math.log1p(mean * Math.expm1(t)) : softplus(v) - softplus(location);
      return -size * (rise - mean * t) - stirlingRest(alpha) - stirlingRest(beta) + stirlingRest(size);
    }
  }
}

/** d/dv of {@link logDensity}. */
export function densitySlope(family: LatentFamily, v: number, parameters: FamilyParameters): number {
  const { location, logScale } = parameters;
  const precision = Math.exp(-2 * logScale);
  const t = v - location;
  switch (family) {
    case "normal":
    case "lognormal":
      return -precision * t;
    case "inverse-gaussian":
      return -0.5 * precision * (Math.expm1(t) - Math.expm1(-t)) - 0.5;
    case "gamma":
      return -precision * Math.expm1(t);
    case "inverse-gamma":
      return precision * Math.expm1(-t);
    case "beta": {
      const { mean, size } = betaParameters(location, precision);
      return size * (mean - 1 / (1 + Math.exp(-v)));
    }
  }
}

/** log p(w) of the value w = toSupport(v), without the map's slope. Nats. */
export function logDensityOnSupport(family: LatentFamily, v: number, parameters: FamilyParameters): number {
  return logDensity(family, v, parameters) - logSlope(supportOf(family), v);
}

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
const softplus = (v: number) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

function betaParameters(location: number, precision: number) {
  const mean = 1 / (1 + Math.exp(-location));
  const size = precision * (2 + Math.exp(location) + Math.exp(-location));
  return { mean, size, alpha: size * mean, beta: size / (1 + Math.exp(location)) };
}

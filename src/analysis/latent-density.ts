import { densitySlope as familySlope, isCurved, logDensity } from "../distributions/latent-family.js";
import { InputError } from "../errors.js";
import type { ConditionalDensity } from "./conditional-gaussian.js";

/** log p(w|u) of one latent in one class, and its slope. */
export interface LatentDensity {
  logDensity(w: number): number;
  slope(w: number): number;
}

/**
 * The density of a latent in a class: a Gaussian, or the model's family.
 *
 * @throws InputError when the class has no spread in the latent.
 */
export function latentDensity(
  { mean, sigma, classes, family }: ConditionalDensity,
  u: number,
  latent: number,
  width: number,
): LatentDensity {
  const [location, deviation] = [mean[u * width + latent], sigma[u * width + latent]];
  if (deviation === 0) throw new InputError(`Class "${classes[u]}" has no spread in latent ${latent}.`);
  if (isCurved(family)) {
    const parameters = { location, logScale: Math.log(deviation) };
    return {
      logDensity: (w) => logDensity(family, w, parameters),
      slope: (w) => familySlope(family, w, parameters),
    };
  }
  const factor = 1 / (2 * deviation * deviation);
  const constant = Math.log(deviation) + 0.5 * Math.log(2 * Math.PI);
  return {
    logDensity: (w) => -(factor * (w - location) ** 2 + constant),
    slope: (w) => (location - w) / deviation ** 2,
  };
}

import { type FamilyParameters, type LatentFamily, usualParameters } from "../distributions/latent-family.js";

/** What draws take their numbers from. */
export interface RandomNumbers {
  uniform(): number;
  normal(): number;
}

/** A draw from a member of a family, as the real number whose value on the support follows it. */
export function drawLatent(
  family: LatentFamily,
  parameters: FamilyParameters,
  random: RandomNumbers,
): number {
  const usual = usualParameters(family, parameters);
  switch (family) {
    case "normal":
    case "lognormal":
      return usual.mean + usual.sigma * random.normal();
    case "inverse-gaussian":
      return parameters.location + logInverseGaussian(usual.shape / usual.mean, random);
    case "gamma":
      return logGamma(usual.shape, random) - Math.log(usual.rate);
    case "inverse-gamma":
      return Math.log(usual.scale) - logGamma(usual.shape, random);
    case "beta":
      return logGamma(usual.alpha, random) - logGamma(usual.beta, random);
  }
}

/**
 * Log of a gamma variable of scale 1 (Marsaglia and Tsang 2000); below shape 1 that of shape + 1 times a power of a uniform
 * one, whose log stays finite where the variable itself would be too small for a number.
 */
function logGamma(shape: number, random: RandomNumbers): number {
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(1 - random.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return Math.log(d) + Math.log(v);
    }
  }
}

/** Log of an inverse Gaussian variable of mean 1 (Michael, Schucany and Haas 1976). */
function logInverseGaussian(shape: number, random: RandomNumbers): number {
  const y = random.normal() ** 2 / shape;
  // The smaller root of (x - 1)^2 / x = y, free of cancellation as the inverse of the larger.
  const root = -Math.log1p(0.5 * (y + Math.sqrt(y * y + 4 * y)));
  return random.uniform() <= 1 / (1 + Math.exp(root)) ? root : -root;
}

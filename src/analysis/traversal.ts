import { InputError } from "../errors.js";
import { type ConditionalGaussian, checkLatent, type Decode, latentWidth } from "./conditional-gaussian.js";

/** What one latent does to the data of every class. */
export interface Traversal {
  readonly latent: number;
  readonly classes: readonly string[];
  /** Where the latent was set, in standard deviations of the class. Shape [positions]. */
  readonly positions: readonly number[];
  /** Decoded data. Shape [classes][positions][width]. */
  readonly decoded: Float32Array;
  /** |x(+1) - x(-1)|, by class and feature. Shape [classes][width]. */
  readonly heatMap: Float32Array;
  /** Features of the data; more than latents where constant columns were left out. */
  readonly width: number;
}

/** Positions from -2 to 2 standard deviations in steps of a half. */
export const defaultPositions: readonly number[] = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];

/**
 * Codes in which one latent runs through `positions` while the others stay at their class means:
 * w_j = mu_j(u) + [j = latent] * position * sigma_j(u).
 *
 * @returns shape [classes][positions][d].
 * @throws InputError when the latent does not exist or a position is not finite.
 */
export function traversalCodes(
  gaussian: ConditionalGaussian,
  latent: number,
  positions: readonly number[] = defaultPositions,
): Float32Array {
  const width = latentWidth(gaussian);
  checkLatent(latent, width);
  if (positions.length === 0 || !positions.every(Number.isFinite)) {
    throw new InputError("A traversal needs at least one position, each a finite number.");
  }
  const { mean, sigma } = gaussian;
  const codes = new Float32Array(gaussian.classes.length * positions.length * width);
  gaussian.classes.forEach((_, u) => {
    positions.forEach((position, p) => {
      const offset = (u * positions.length + p) * width;
      codes.set(mean.subarray(u * width, (u + 1) * width), offset);
      codes[offset + latent] += position * sigma[u * width + latent];
    });
  });
  return codes;
}

/**
 * Decodes a walk along one latent for every class, with the heat map |x(+1 sd) - x(-1 sd)| that shows which
 * features the latent changes (Sorrenson et al., "Disentanglement by nonlinear ICA with general
 * incompressible-flow networks (GIN)", 2020, section 4.2).
 *
 * @throws InputError as `traversalCodes` does, or when `decode` answers with another shape.
 */
export function traversal(
  gaussian: ConditionalGaussian,
  decode: Decode,
  latent: number,
  positions: readonly number[] = defaultPositions,
): Traversal {
  const { classes } = gaussian;
  const run = (places: readonly number[]): Float32Array => {
    const samples = classes.length * places.length;
    const decoded = decode(traversalCodes(gaussian, latent, places), samples);
    if (decoded.length === 0 || decoded.length % samples !== 0) {
      throw new InputError(`${samples} decoded samples need as many values each; got ${decoded.length}.`);
    }
    return decoded;
  };
  const decoded = run(positions);
  const width = decoded.length / (classes.length * positions.length);
  const sides = run([-1, 1]);
  const heatMap = new Float32Array(classes.length * width);
  for (let u = 0; u < classes.length; u++) {
    for (let i = 0; i < width; i++) {
      heatMap[u * width + i] = Math.abs(sides[(2 * u + 1) * width + i] - sides[2 * u * width + i]);
    }
  }
  return { latent, classes, positions, decoded, heatMap, width };
}

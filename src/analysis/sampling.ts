import { InputError } from "../errors.js";
import {
  type ConditionalGaussian,
  checkClass,
  checkCodes,
  checkLatent,
  latentWidth,
} from "./conditional-gaussian.js";
import { colour, colourAcrossClasses } from "./style-transfer.js";

/** How samples depart from their class means. */
export interface SamplingOptions {
  /** Factor on every sigma, >= 0; 1 samples p(w|u), less stays nearer the class mean. Default 1. */
  readonly temperature?: number;
  /** Vary these latents only and keep the others at their class means. All when left out. */
  readonly latents?: readonly number[];
}

/**
 * Whitened codes e ~ N(0, temperature^2), 0 in the latents that are not to vary.
 *
 * @param normal draws one standard normal number; called once for every latent of every code, varied or not,
 *   so that the same generator gives the same codes at every temperature and choice of latents.
 * @returns shape [count][width].
 * @throws InputError when the count or temperature is out of range or a latent does not exist.
 */
export function whitenedCodes(
  count: number,
  width: number,
  normal: () => number,
  options: SamplingOptions = {},
): Float32Array {
  const { temperature = 1, latents } = options;
  if (!Number.isInteger(count) || count < 1) {
    throw new InputError(`The number of samples must be a whole number from 1; got ${count}.`);
  }
  if (!(temperature >= 0 && Number.isFinite(temperature))) {
    throw new InputError(`The temperature must be a number from 0; got ${temperature}.`);
  }
  const varied = new Uint8Array(width).fill(latents ? 0 : 1);
  for (const latent of latents ?? []) {
    checkLatent(latent, width);
    varied[latent] = 1;
  }
  return Float32Array.from({ length: count * width }, (_, k) => {
    const value = normal();
    return varied[k % width] ? temperature * value : 0;
  });
}

/**
 * Codes w ~ N(mu(u), (temperature sigma(u))^2) of one class.
 *
 * @returns shape [count][d].
 * @throws InputError when the class does not exist or an option is out of range.
 */
export function sampleCodes(
  gaussian: ConditionalGaussian,
  classIndex: number,
  count: number,
  normal: () => number,
  options: SamplingOptions = {},
): Float32Array {
  checkClass(classIndex, gaussian);
  const whitened = whitenedCodes(count, latentWidth(gaussian), normal, options);
  return colour(gaussian, whitened, new Int32Array(count).fill(classIndex));
}

/**
 * The same whitened codes coloured with every class: what the classes share stays the same along a row
 * (Sorrenson et al., "Disentanglement by nonlinear ICA with GIN", 2020, appendix).
 *
 * @returns shape [count][classes][d].
 * @throws InputError when an option is out of range.
 */
export function sampleAcrossClasses(
  gaussian: ConditionalGaussian,
  count: number,
  normal: () => number,
  options: SamplingOptions = {},
): Float32Array {
  return colourAcrossClasses(gaussian, whitenedCodes(count, latentWidth(gaussian), normal, options), count);
}

/**
 * Codes that keep their values in `latents` and are set to the class mean elsewhere.
 *
 * @param codes shape [samples][d].
 * @param labels class index of each code. Shape [samples].
 * @throws InputError when shapes do not fit, or a latent or class does not exist.
 */
export function keepLatents(
  gaussian: ConditionalGaussian,
  codes: Float32Array,
  labels: ArrayLike<number>,
  latents: readonly number[],
): Float32Array {
  const width = latentWidth(gaussian);
  checkCodes(codes, labels.length, width);
  const out = new Float32Array(codes.length);
  for (let n = 0; n < labels.length; n++) {
    checkClass(labels[n], gaussian);
    out.set(gaussian.mean.subarray(labels[n] * width, (labels[n] + 1) * width), n * width);
    for (const latent of latents) {
      checkLatent(latent, width);
      out[n * width + latent] = codes[n * width + latent];
    }
  }
  return out;
}

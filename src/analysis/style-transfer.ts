import { InputError } from "../errors.js";
import { type ConditionalGaussian, checkClass, checkCodes, latentWidth } from "./conditional-gaussian.js";

/**
 * Whitened codes e_i = (w_i - mu_i(u)) / sigma_i(u), with the statistics of each code's own class.
 * What remains is the style: how this sample departs from its class.
 *
 * @param codes shape [samples][d].
 * @param labels class index of each code. Shape [samples].
 * @returns shape [samples][d].
 * @throws InputError when shapes do not fit, a class does not exist, or a class has a sigma of 0.
 */
export function whiten(
  gaussian: ConditionalGaussian,
  codes: Float32Array,
  labels: ArrayLike<number>,
): Float32Array {
  return mapCodes(gaussian, codes, labels, (value, mean, sigma, latent) => {
    if (sigma === 0) throw new InputError(`Latent ${latent} cannot be whitened: a class has sigma 0 in it.`);
    return (value - mean) / sigma;
  });
}

/**
 * Codes w_i = mu_i(u) + sigma_i(u) e_i, with the statistics of the class given for each: the inverse of `whiten`.
 *
 * @param whitened shape [samples][d].
 * @param labels class index for each code. Shape [samples].
 * @returns shape [samples][d].
 * @throws InputError when shapes do not fit or a class does not exist.
 */
export function colour(
  gaussian: ConditionalGaussian,
  whitened: Float32Array,
  labels: ArrayLike<number>,
): Float32Array {
  return mapCodes(gaussian, whitened, labels, (value, mean, sigma) => mean + sigma * value);
}

/**
 * Style transfer: every code whitened with its own class and coloured with every class in turn
 * (Sorrenson et al., draft of "Disentanglement by nonlinear ICA with GIN").
 *
 * @param codes shape [samples][d].
 * @param labels class index of each code. Shape [samples].
 * @returns shape [samples][classes][d].
 * @throws InputError as `whiten` does.
 */
export function styleTransferCodes(
  gaussian: ConditionalGaussian,
  codes: Float32Array,
  labels: ArrayLike<number>,
): Float32Array {
  return colourAcrossClasses(gaussian, whiten(gaussian, codes, labels), labels.length);
}

/** The same whitened codes coloured with every class. Shape [samples][d] to [samples][classes][d]. */
export function colourAcrossClasses(
  gaussian: ConditionalGaussian,
  whitened: Float32Array,
  samples: number,
): Float32Array {
  const width = latentWidth(gaussian);
  const classes = gaussian.classes.length;
  checkCodes(whitened, samples, width);
  const repeated = new Float32Array(samples * classes * width);
  for (let row = 0; row < samples * classes; row++) {
    const source = Math.floor(row / classes) * width;
    repeated.set(whitened.subarray(source, source + width), row * width);
  }
  const targets = Array.from({ length: samples * classes }, (_, row) => row % classes);
  return colour(gaussian, repeated, targets);
}

function mapCodes(
  gaussian: ConditionalGaussian,
  codes: Float32Array,
  labels: ArrayLike<number>,
  map: (value: number, mean: number, sigma: number, latent: number) => number,
): Float32Array {
  const width = latentWidth(gaussian);
  checkCodes(codes, labels.length, width);
  const out = new Float32Array(codes.length);
  for (let n = 0; n < labels.length; n++) {
    checkClass(labels[n], gaussian);
    for (let i = 0; i < width; i++) {
      const k = labels[n] * width + i;
      out[n * width + i] = map(codes[n * width + i], gaussian.mean[k], gaussian.sigma[k], i);
    }
  }
  return out;
}

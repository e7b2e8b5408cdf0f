import { InputError } from "../errors.js";
import type { ConditionalDensity, ConditionalGaussian } from "../models/model.js";

export type { ConditionalDensity, ConditionalGaussian };

/** Maps latent codes to data, both sample-major: [samples][d] to [samples][d]. */
export type Decode = (codes: Float32Array, samples: number) => Float32Array;

/** The number of latents d. Throws `InputError` when the shapes do not fit or a sigma is negative. */
export function latentWidth(gaussian: ConditionalGaussian): number {
  const { classes, mean, sigma } = gaussian;
  const width = mean.length / classes.length;
  if (!Number.isInteger(width) || width < 1 || sigma.length !== mean.length) {
    throw new InputError(
      `Class statistics of ${classes.length} classes do not fit ${mean.length} means and ${sigma.length} sigmas.`,
    );
  }
  const wrong = sigma.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong >= 0) {
    const name = classes[Math.floor(wrong / width)];
    throw new InputError(`Class "${name}" has sigma ${sigma[wrong]} in latent ${wrong % width}.`);
  }
  return width;
}

/** Throws `InputError` unless `latent` is an index below `width`. */
export function checkLatent(latent: number, width: number): void {
  if (!Number.isInteger(latent) || latent < 0 || latent >= width) {
    throw new InputError(`There is no latent ${latent}; latents run from 0 to ${width - 1}.`);
  }
}

/** Throws `InputError` unless `index` is a class of `gaussian`. */
export function checkClass(index: number, gaussian: ConditionalGaussian): void {
  if (!Number.isInteger(index) || index < 0 || index >= gaussian.classes.length) {
    throw new InputError(`There is no class ${index}; classes run from 0 to ${gaussian.classes.length - 1}.`);
  }
}

/** Throws `InputError` unless `codes` holds `samples` codes of `width` latents. */
export function checkCodes(codes: Float32Array, samples: number, width: number): void {
  if (codes.length !== samples * width) {
    throw new InputError(
      `${samples} codes of ${width} latents need ${samples * width} values; got ${codes.length}.`,
    );
  }
}

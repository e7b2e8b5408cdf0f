import { InputError } from "../errors.js";
import { type ConditionalDensity, checkLatent, latentWidth } from "./conditional-gaussian.js";
import { latentDensity } from "./latent-density.js";
import { checkSampleMatrix, column, type SampleMatrix } from "./sample-matrix.js";

/** A value of every sample under every class, such as log p(w_S|u). Row-major, shape [samples][classes]. */
export interface ClassScores {
  readonly values: Float64Array;
  readonly samples: number;
  readonly classes: number;
}

/**
 * log p(w_S|u) p(u) of every sample and class for growing S: after each latent of `order` the same array, that
 * latent's log density added to it; of Gaussians
 *   log p(w_S|u) = -sum over i in S of (w_i - mu_i(u))^2 / (2 sigma_i(u)^2) + log sigma_i(u) + 1/2 log 2 pi.
 * One pass over `order` gives every number of leading latents, in O(samples classes) a latent.
 *
 * @param latents shape [samples][d].
 * @param logPrior log p(u). Shape [classes].
 * @throws InputError when shapes do not fit, a latent does not exist, is named twice or is not finite, or a class
 *   has no spread in it.
 */
export function* growingLogJoint(
  gaussian: ConditionalDensity,
  latents: SampleMatrix,
  order: Iterable<number>,
  logPrior: Float64Array,
): Generator<ClassScores, void> {
  checkSampleMatrix(latents, "The latents");
  const width = latentWidth(gaussian);
  if (latents.width !== width) {
    throw new InputError(`The latents have ${latents.width} columns; the class statistics have ${width}.`);
  }
  const { samples } = latents;
  const classes = gaussian.classes.length;
  checkPrior(logPrior, classes);
  const values = Float64Array.from({ length: samples * classes }, (_, k) => logPrior[k % classes]);
  const scores = { values, samples, classes };
  const seen = new Set<number>();
  for (const latent of order) {
    checkLatent(latent, width);
    if (seen.has(latent)) throw new InputError(`Latent ${latent} is selected twice.`);
    seen.add(latent);
    const w = column(latents, latent, "The latents");
    const densities = gaussian.classes.map((_, u) => latentDensity(gaussian, u, latent, width));
    for (let u = 0; u < classes; u++) {
      const density = densities[u];
      for (let n = 0; n < samples; n++) values[n * classes + u] += density.logDensity(w[n]);
    }
    yield scores;
  }
}

/**
 * log p(w_S|u) of every sample and class over the selected latents S; 0 where S is empty.
 *
 * @throws InputError as `growingLogJoint` does.
 */
export function classLogLikelihoods(
  gaussian: ConditionalDensity,
  latents: SampleMatrix,
  selection: readonly number[],
): ClassScores {
  const { samples } = latents;
  const classes = gaussian.classes.length;
  let scores: ClassScores = { values: new Float64Array(samples * classes), samples, classes };
  for (scores of growingLogJoint(gaussian, latents, selection, new Float64Array(classes)));
  return scores;
}

/**
 * log p(w_S|u) p(u), in a new array.
 *
 * @throws InputError when the number of classes differs.
 */
export function logJoint({ values, samples, classes }: ClassScores, logPrior: Float64Array): ClassScores {
  checkPrior(logPrior, classes);
  return { values: values.map((value, k) => value + logPrior[k % classes]), samples, classes };
}

function checkPrior(logPrior: Float64Array, classes: number): void {
  if (logPrior.length === classes) return;
  throw new InputError(`The prior has ${logPrior.length} classes; the class statistics have ${classes}.`);
}

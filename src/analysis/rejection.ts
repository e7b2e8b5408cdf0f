import type { ClassScores } from "./class-likelihood.js";
import { type ConditionalGaussian, checkLatent, latentWidth } from "./conditional-gaussian.js";

/**
 * The rejection rule of "Identifying Informative Latent Variables Learned by GIN via Mutual Information" (2021,
 * section 4): a sample passes where for some class p(w_S|u) >= p(mu_u - k sigma_u|u), and is refused where for all
 * of them the density is lower. The same in other words: for some class the mean over S of
 * ((w_i - mu_i(u)) / sigma_i(u))^2 is at most k^2.
 *
 * @param logLikelihoods log p(w_S|u) over `selection`.
 * @returns 1 where a sample passes, 0 where it is refused. Shape [samples].
 * @throws InputError when shapes do not fit or a latent does not exist.
 */
export function passesRejection(
  gaussian: ConditionalGaussian,
  logLikelihoods: ClassScores,
  selection: readonly number[],
  k = 1,
): Uint8Array {
  const lowest = lowestLogLikelihoods(gaussian, selection, k);
  const { values, samples, classes } = logLikelihoods;
  return Uint8Array.from({ length: samples }, (_, n) =>
    lowest.some((limit, u) => values[n * classes + u] >= limit) ? 1 : 0,
  );
}

/** log p(mu_u - k sigma_u|u) over the selected latents. Shape [classes]. */
export function lowestLogLikelihoods(
  gaussian: ConditionalGaussian,
  selection: readonly number[],
  k: number,
): Float64Array {
  const width = latentWidth(gaussian);
  for (const latent of selection) checkLatent(latent, width);
  const constant = k ** 2 / 2 + 0.5 * Math.log(2 * Math.PI);
  return Float64Array.from(gaussian.classes, (_, u) =>
    selection.reduce((sum, latent) => sum - constant - Math.log(gaussian.sigma[u * width + latent]), 0),
  );
}

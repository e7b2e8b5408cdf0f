import type { ClassScores } from "./class-likelihood.js";
import { type ConditionalDensity, checkLatent, latentWidth } from "./conditional-gaussian.js";
import { latentDensity } from "./latent-density.js";

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
  gaussian: ConditionalDensity,
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
  gaussian: ConditionalDensity,
  selection: readonly number[],
  k: number,
): Float64Array {
  const width = latentWidth(gaussian);
  for (const latent of selection) checkLatent(latent, width);
  return Float64Array.from(gaussian.classes, (_, u) =>
    selection.reduce((sum, latent) => {
      const entry = u * width + latent;
      const at = gaussian.mean[entry] - k * gaussian.sigma[entry];
      return sum + latentDensity(gaussian, u, latent, width).logDensity(at);
    }, 0),
  );
}

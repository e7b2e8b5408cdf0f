import type { Case, Scale } from "../experiment.js";
import type { AugmentedSettings } from "./augmented-study.js";

/** One case: the paper's sizes, or small ones. */
export const augmentedCases =
  (dimensions: 1 | 2, noise: number) =>
  (scale: Scale): readonly Case<AugmentedSettings>[] => {
    const sizes = scale === "full" ? { samples: 10_000, epochs: 80 } : { samples: 1000, epochs: 10 };
    const along = dimensions === 2 ? "both latents" : "the first latent";
    const name = `copies along ${along}${noise > 0 ? `, noise ${noise}` : ""}`;
    return [{ name, settings: { dimensions, noise, copies: 10, ...sizes } }];
  };

/** How data are made and fitted in all experiments of this family. */
export const methodText = (along: string): string =>
  "Ten thousand points of five clusters in two dimensions (means uniform on [-5, 5], standard deviations uniform on [0.5, 3]) and " +
  "eight dimensions of noise with standard deviation 0.01, mixed by a random RealNVP of 8 blocks. Each point has ten copies, " +
  `made once, which differ from it by standard normal noise along ${along} before mixing, and a Gaussian of its own, the ` +
  "copies' mean and variance in latent space. GIN of 8 blocks, batches of 1,000 points with their copies, Adam at 0.01 for 50 " +
  "epochs and at 0.001 for 30; the classes are not used. Each seed draws its own clusters, mixing, points, copies and weights. The " +
  "true latents count as found when the latents matched to them correlate with them by at least 0.95 on average (MCC).";

import { defineExperiment } from "../experiment.js";
import { seedRange } from "../summary.js";
import { augmentedStudy, isFound, SSL_PAPER } from "./augmented-study.js";
import { concludeAugmented, foundAlone } from "./conclude.js";
import { augmentedCases, methodText } from "./settings.js";

const NOISE = 0.01;

export const oneDimensionNoise = defineExperiment({
  id: "ssl-1d-noise",
  title: "The same with a little noise in the data",
  source: { ...SSL_PAPER, place: "Section 4.2, Fig. 1 (e) and (f)" },
  says: "Gaussian noise of standard deviation 0.01 added to the copies in data space makes it stable that both latents are found.",
  method: `${methodText("the first true latent")} Gaussian noise of standard deviation 0.01 is added to the copies' data, fresh each time they are drawn; beside it stand the trials of ssl-1d.`,
  study: augmentedStudy,
  cases: (scale) => [...augmentedCases(1, NOISE)(scale), ...augmentedCases(1, 0)(scale)],
  seeds: seedRange(1, 10),
  conclude(all) {
    const [noisy, bare] = [true, false].map((isNoisy) =>
      all.filter(({ case: { settings } }) => settings.noise > 0 === isNoisy),
    );
    const share = (trials: typeof all) => `${trials.filter(isFound).length} of ${trials.length}`;
    const { missed, augmented, other } = foundAlone(noisy);
    return concludeAugmented(
      noisy,
      [
        {
          paper: "Noise makes it more stable that both are found.",
          ours: `Both are found in ${share(noisy)} trials with noise, in ${share(bare)} of the same seeds without.`,
          agrees: noisy.filter(isFound).length > bare.filter(isFound).length,
        },
        {
          paper: "Even the worst trial finds the first latent, and the second with some distortion.",
          ours: `Of the ${missed} that do not find both, ${augmented} find the first latent and ${other} the second.`,
          agrees: missed === 0 ? null : augmented === missed,
        },
      ],
      bare,
    );
  },
});

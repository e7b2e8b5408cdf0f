import { defineExperiment, measured } from "../experiment.js";
import { seedRange, share } from "../summary.js";
import {
  type AugmentedTrial,
  augmentedStudy,
  GOOD,
  informativeCount,
  isFound,
  SSL_PAPER,
} from "./augmented-study.js";
import { concludeAugmented } from "./conclude.js";
import { augmentedCases, methodText } from "./settings.js";

export const twoDimensions = defineExperiment({
  id: "ssl-2d",
  title: "Self-supervised, copies along both true latents",
  source: { ...SSL_PAPER, place: "Section 4.2, Fig. 1 (b)" },
  says: "Augmented along both informative latents, both are reconstructed almost perfectly in all of ten trials.",
  method: methodText("both true latents"),
  study: augmentedStudy,
  cases: augmentedCases(2, 0),
  seeds: seedRange(1, 10),
  conclude: (trials) =>
    concludeAugmented(trials, [
      {
        paper: "Both latents are found in every trial.",
        ours: `Both are found, with MCC at least ${GOOD}, in ${share(trials, isFound)} trials.`,
        agrees: trials.every(isFound),
      },
      {
        paper: "The standard deviations of the noise dimensions are reduced.",
        ours:
          `The two of largest spread are the true ones in ${share(trials, isLeading)} trials, and unmix's rule for spectra calls exactly ` +
          `two informative in ${share(measured(trials), (trial) => informativeCount(trial) === 2)}.`,
        agrees: trials.every(isLeading),
      },
    ]),
});

const isLeading = ({ measures }: AugmentedTrial): boolean => measures?.leadingMatch ?? false;

import { defineExperiment } from "../experiment.js";
import { seedRange, share } from "../summary.js";
import { augmentedStudy, isFound, SSL_PAPER } from "./augmented-study.js";
import { concludeAugmented, foundAlone } from "./conclude.js";
import { augmentedCases, methodText } from "./settings.js";

export const oneDimension = defineExperiment({
  id: "ssl-1d",
  title: "Self-supervised, copies along the first true latent",
  source: { ...SSL_PAPER, place: "Section 4.2, Fig. 1 (c) and (d)" },
  says: "Augmented along one latent only, both can be found, but not in every trial: the worst finds the augmented one alone.",
  method: methodText("the first true latent"),
  study: augmentedStudy,
  cases: augmentedCases(1, 0),
  seeds: seedRange(1, 10),
  conclude(trials) {
    const both = trials.filter(isFound).length;
    const { missed, augmented, other } = foundAlone(trials);
    return concludeAugmented(trials, [
      {
        paper: "Both latents can be found, though the copies differ in one.",
        ours: `Both are found in ${share(trials, isFound)} trials.`,
        agrees: both > 0,
      },
      {
        paper: "This is unstable.",
        ours: `${missed} of ${trials.length} trials do not find both.`,
        agrees: missed > 0,
      },
      {
        paper: "The worst trial finds the augmented latent, and not the other.",
        ours:
          `Of these ${missed}, ${augmented} find the augmented latent and ${other} the other. Within a set all but the augmented latent are ` +
          "fixed, so that place and scale of the augmented one may depend on them without any set showing it.",
        agrees: missed === 0 ? null : augmented > other,
      },
    ]);
  },
});

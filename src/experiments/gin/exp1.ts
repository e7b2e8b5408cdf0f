import { defineExperiment, measured } from "../experiment.js";
import { seedRange, share } from "../summary.js";
import { recoveryHeadline, recoveryNumbers } from "./conclude.js";
import { firstAndWorst, mccFigure, panelsFigure, trialTable } from "./figures.js";
import { GIN_PAPER, isRecovered, type RecoverySettings, recovery } from "./recovery.js";

/** The data of GIN's first experiment and the training of its appendix. */
export const EXPERIMENT_1: RecoverySettings = {
  classes: 5,
  samples: 100_000,
  gap: 1,
  learningRate: 1e-2,
  epochs: 80,
};

/** A trial of seconds. */
export const QUICK = { samples: 4000, epochs: 20 } as const;

/** How data are made and fitted in all experiments of this family; `training` says how long. */
export const methodText = (training: string): string =>
  "Clusters in two dimensions (means uniform on [-5, 5], standard deviations uniform on [0.5, 3]) and eight dimensions of " +
  "noise with standard deviation 0.01, mixed by a random RealNVP of 8 blocks. GIN with the defaults of unmix fit: 8 " +
  `blocks, 4,480 parameters, batches of 1,000, Adam; ${training}. Each seed draws its own clusters, mixing, ` +
  "samples and weights. A trial counts as recovered when " +
  "the two latents with the largest standard deviation within clusters are the true ones, with a mean correlation (MCC) of at least 0.95.";

export const SEVEN_THOUSAND_STEPS = "80 epochs, 48 at a learning rate of 0.01 and 32 at 0.001";
export const UNTIL_CONVERGED =
  "at a learning rate of 0.01 until the loss has converged, then at 0.001 until it has again";

export const exp1 = defineExperiment({
  id: "gin-exp1",
  title: "Two informative latents among ten",
  source: { ...GIN_PAPER, place: "Section 4.3.1, Fig. 2 and 6" },
  says:
    "With five clusters and 100,000 samples, two latents of ten stand out in the spectrum, and they are the true ones up " +
    "to order, shift and scale.",
  method: methodText(SEVEN_THOUSAND_STEPS),
  study: recovery,
  cases: (scale) => [
    { name: "experiment 1", settings: scale === "quick" ? { ...EXPERIMENT_1, ...QUICK } : EXPERIMENT_1 },
  ],
  seeds: seedRange(1, 10),
  conclude(trials) {
    const done = measured(trials);
    const bySeed = { xLabel: "seed", place: ({ seed }: { readonly seed: number }) => String(seed) };
    return {
      headline: recoveryHeadline(trials),
      numbers: recoveryNumbers(trials),
      findings: [
        {
          paper: "GIN gives importance to only two of its ten latents.",
          ours: `The spectrum calls exactly two informative in ${share(done, ({ measures }) => measures.informative === 2)} trials.`,
          agrees: done.length > 0 && done.every(({ measures }) => measures.informative === 2),
        },
        {
          paper: "The two are the true latents.",
          ours: `In ${share(trials, isRecovered)} trials the two with the largest sigmas are the true ones with MCC at least 0.95.`,
          agrees: trials.every(isRecovered),
        },
      ],
      tables: [trialTable(trials)],
      figures: [
        panelsFigure(firstAndWorst(trials), "The first seed and the one with the lowest MCC."),
        mccFigure(trials, bySeed, "Mean correlation of the true latents with those matched to them."),
      ],
    };
  },
});

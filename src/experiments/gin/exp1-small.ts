import { defineExperiment } from "../experiment.js";
import { seedRange, share } from "../summary.js";
import { recoveryHeadline, recoveryNumbers } from "./conclude.js";
import { EXPERIMENT_1, methodText, QUICK, UNTIL_CONVERGED } from "./exp1.js";
import { firstAndWorst, mccFigure, panelsFigure, recoveryTable } from "./figures.js";
import { GIN_PAPER, isRecovered, isSplit, recovery } from "./recovery.js";

const SMALL = { ...EXPERIMENT_1, samples: 10_000 };

export const exp1Small = defineExperiment({
  id: "gin-exp1-small",
  title: "The same from a tenth of the samples",
  source: { ...GIN_PAPER, place: "Appendix E, Fig. 7" },
  says: "With 10,000 samples GIN fails: one of the two true latents is split in two, and three stand out instead of two.",
  method: methodText(UNTIL_CONVERGED),
  study: recovery,
  cases: (scale) => [{ name: "fewer samples", settings: scale === "quick" ? { ...SMALL, ...QUICK } : SMALL }],
  seeds: seedRange(1, 40),
  conclude(trials) {
    const failed = trials.filter((trial) => !isRecovered(trial));
    const bySeed = { xLabel: "seed", place: ({ seed }: { readonly seed: number }) => String(seed) };
    return {
      headline: recoveryHeadline(trials),
      numbers: recoveryNumbers(trials),
      findings: [
        {
          paper: "One run is shown, and it fails.",
          ours:
            failed.length === 0
              ? `None of ${trials.length} seeds fails.`
              : `${failed.length} of ${trials.length} seeds fail: ${failed.map(({ seed }) => seed).join(", ")}.`,
          agrees: failed.length > 0,
        },
        {
          paper: "It fails by splitting a true latent between two.",
          ours: `In ${share(trials, isSplit)} trials some cluster follows a true latent through another latent than the rest do.`,
          agrees: trials.some(isSplit),
        },
      ],
      tables: [recoveryTable(trials)],
      figures: [
        panelsFigure(firstAndWorst(trials), "The first seed and the one with the lowest MCC."),
        mccFigure(trials, bySeed, "Mean correlation of the true latents with those matched to them."),
      ],
    };
  },
});

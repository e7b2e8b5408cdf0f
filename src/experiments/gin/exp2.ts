import { defineExperiment } from "../experiment.js";
import { seedRange, share } from "../summary.js";
import { recoveryHeadline, recoveryNumbers } from "./conclude.js";
import { EXPERIMENT_1, methodText, QUICK, UNTIL_CONVERGED } from "./exp1.js";
import { firstAndWorst, mccFigure, panelsFigure, recoveryTable } from "./figures.js";
import { GIN_PAPER, isRecovered, recovery } from "./recovery.js";

const THREE = { ...EXPERIMENT_1, classes: 3 };

export const exp2 = defineExperiment({
  id: "gin-exp2",
  title: "Fewer clusters than the theory asks for",
  source: { ...GIN_PAPER, place: "Section 4.3.2, Fig. 8" },
  says:
    "With three clusters, two fewer than identifiability is proved for, the true latents are found all the same, provided " +
    "that the clusters leave no gaps.",
  method: methodText(UNTIL_CONVERGED),
  study: recovery,
  cases: (scale) => [
    { name: "three clusters", settings: scale === "quick" ? { ...THREE, ...QUICK } : THREE },
  ],
  seeds: seedRange(1, 10),
  conclude(trials) {
    const bySeed = { xLabel: "seed", place: ({ seed }: { readonly seed: number }) => String(seed) };
    const recovered = trials.filter(isRecovered).length;
    return {
      headline: recoveryHeadline(trials),
      numbers: recoveryNumbers(trials),
      findings: [
        {
          paper: "Essentially the same results as with five clusters, with the same caveat of gaps.",
          ours: `Recovered in ${share(trials, isRecovered)} trials.`,
          agrees: recovered > trials.length / 2,
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

import { defineExperiment, measured } from "../experiment.js";
import { seedRange } from "../summary.js";
import { rightShare, selectionNumbers } from "./conclude.js";
import { pickedFigure, selectionFigure, selectionTable } from "./figures.js";
import { MI_PAPER, selectionStudy } from "./selection-study.js";
import { METHOD, scaled, UNIT_NOISE } from "./settings.js";

export const lowNoise = defineExperiment({
  id: "mi-low-noise",
  title: "Noise a hundredth of the signal",
  source: { ...MI_PAPER, place: "Section 5, Fig. 8" },
  says: "With noise of standard deviation 0.01, as in GIN's own experiments, both criteria pick the true latents.",
  method: `${METHOD} Here the noise has standard deviation 0.01.`,
  study: selectionStudy,
  cases: (scale) => [{ name: "noise 0.01", settings: scaled({ ...UNIT_NOISE, noise: 0.01 }, scale) }],
  seeds: seedRange(1, 10),
  conclude(trials) {
    const all = (criterion: "mi" | "var" | "sigma") =>
      measured(trials).length === trials.length &&
      trials.every(({ measures }) => measures?.criteria[criterion].right);
    return {
      headline:
        `the two latents ranked highest are the true ones in ${rightShare(trials, "mi")} seeds by MI, ` +
        `${rightShare(trials, "var")} by variance, ${rightShare(trials, "sigma")} by sigma`,
      numbers: selectionNumbers(trials),
      findings: [
        { paper: "MI picks the true two.", ours: `In ${rightShare(trials, "mi")} seeds.`, agrees: all("mi") },
        {
          paper: "So does variance.",
          ours: `In ${rightShare(trials, "var")} seeds, and sigma in ${rightShare(trials, "sigma")}.`,
          agrees: all("var"),
        },
      ],
      tables: [selectionTable(trials)],
      figures: [pickedFigure(trials), selectionFigure(trials)],
    };
  },
});

import { defineExperiment } from "../experiment.js";
import { groupBy, seedRange } from "../summary.js";
import { goodShare, rightShare, selectionNumbers } from "./conclude.js";
import { pickedFigure, selectionFigure, selectionTable } from "./figures.js";
import { MI_PAPER, type SelectionTrial, selectionStudy } from "./selection-study.js";
import { METHOD, scaled, UNIT_NOISE } from "./settings.js";

const noiseOf = ({ case: { settings } }: SelectionTrial) => `noise ${settings.noise}`;

export const empirical = defineExperiment({
  id: "mi-empirical",
  title: "Class statistics from mini-batches",
  source: { ...MI_PAPER, place: "Appendix C, Fig. 10 and 11" },
  says: "With means and variances of the clusters taken from each mini-batch instead of learned, results are very similar.",
  method: `${METHOD} Here the statistics of the clusters are those of each mini-batch; noise has standard deviation 1 or 0.01.`,
  study: selectionStudy,
  cases: (scale) =>
    [1, 0.01].map((noise) => ({
      name: `noise ${noise}`,
      settings: scaled({ ...UNIT_NOISE, noise, prior: "empirical" }, scale),
    })),
  seeds: seedRange(1, 10),
  conclude(trials) {
    const groups = [...groupBy(trials, noiseOf)];
    const told = (criterion: "mi" | "var" | "sigma") =>
      groups.map(([name, own]) => `${rightShare(own, criterion)} with ${name}`).join(", ");
    const high = groups[0][1];
    return {
      headline: `the two ranked highest are the true ones by MI in ${told("mi")}; by variance in ${told("var")}`,
      numbers: Object.fromEntries(groups.map(([name, own]) => [name, selectionNumbers(own)])),
      findings: [
        {
          paper: "At both noise levels, MI picks the true two.",
          ours: `${told("mi")}; MCC at least 0.95 in ${goodShare(high, "mi")} with ${groups[0][0]}.`,
          agrees: trials.every(({ measures }) => measures?.criteria.mi.right),
        },
        {
          paper: "Variance picks them with little noise, and others with unit noise.",
          ours: `${told("var")}; sigma ${told("sigma")}.`,
          agrees: high.filter(({ measures }) => measures?.criteria.var.right).length < high.length / 2,
        },
      ],
      tables: [selectionTable(trials, [{ title: "case", cell: noiseOf }])],
      figures: [
        pickedFigure(trials, noiseOf),
        ...groups.map(([name, own], k) =>
          selectionFigure(own, `panels-${k + 1}`, `What each criterion picks, ${name}`),
        ),
      ],
    };
  },
});

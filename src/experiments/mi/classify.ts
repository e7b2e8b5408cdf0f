import { defineExperiment } from "../experiment.js";
import { seedRange, told } from "../summary.js";
import { benefit } from "./benefit.js";
import { benefitFigure } from "./figures.js";
import { MI_PAPER, selectionStudy } from "./selection-study.js";
import { METHOD, scaled, UNIT_NOISE } from "./settings.js";

export const classify = defineExperiment({
  id: "mi-classify",
  title: "Telling the clusters apart",
  source: { ...MI_PAPER, place: "Section 3, Fig. 4" },
  says:
    "With the two latents chosen by MI, clusters are told apart almost as well as can be; with the two of largest variance, " +
    "far from it; with all latents, either way.",
  method:
    `${METHOD} The classifier is p(u|w) from the learned p(w|u) of the selected latents, all clusters alike often. The bound ` +
    "is the accuracy with the true latents and their true distribution.",
  study: selectionStudy,
  cases: (scale) => [{ name: "unit noise", settings: scaled(UNIT_NOISE, scale) }],
  seeds: seedRange(1, 20),
  conclude(trials) {
    const bound = "best possible";
    const { done, at, best, numbers, tables } = benefit(trials, "accuracy", { name: "accuracy", bound });
    const percent = (value: number) => told(100 * value, 1);
    return {
      headline:
        `mean accuracy of two latents ${percent(at("mi", 2))} % by MI, ${percent(at("var", 2))} % by variance, ` +
        `${percent(at("sigma", 2))} % by sigma; ${percent(best)} % is the best possible`,
      numbers,
      findings: [
        {
          paper: "Two latents by MI come close to the bound.",
          ours: `${percent(at("mi", 2))} % against ${percent(best)} %, means over seeds.`,
          agrees: at("mi", 2) >= best - 0.02,
        },
        {
          paper: "Two latents by variance do not.",
          ours: `${percent(at("var", 2))} %; by sigma ${percent(at("sigma", 2))} %.`,
          agrees: at("var", 2) < best - 0.1,
        },
        {
          paper: "More latents do no harm.",
          ours: `All ten: ${percent(at("mi", 10))} %.`,
          agrees: at("mi", 10) >= at("mi", 2) - 0.02,
        },
      ],
      tables,
      figures: done.length === 0 ? [] : [benefitFigure(trials, "accuracy", { value: best, label: bound })],
    };
  },
});

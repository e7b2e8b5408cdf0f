import { scatterFigure } from "../../report/figures/scatter.js";
import { standalone } from "../../report/panels.js";
import type { ResultFigure } from "../conclusion.js";
import { defineExperiment } from "../experiment.js";
import { seedRange, told } from "../summary.js";
import { benefit } from "./benefit.js";
import { CLASSES } from "./data.js";
import { benefitFigure } from "./figures.js";
import { type MeasuredSelection, MI_PAPER, selectionStudy } from "./selection-study.js";
import { METHOD, scaled, UNIT_NOISE } from "./settings.js";

export const outlier = defineExperiment({
  id: "mi-outlier",
  title: "Telling outliers from the rest",
  source: { ...MI_PAPER, place: "Section 3, Fig. 5" },
  says:
    "Samples from two far clusters are told from the rest by the density of the two latents chosen by MI, and much worse by " +
    "that of the two of largest variance.",
  method:
    `${METHOD} As many outliers as samples come from the paper's two far clusters (eq. 17), with the same noise and mixing. ` +
    "A sample's score is -log of the sum over the clusters of p(w|u) p(u) of the selected latents; AUROC is the probability " +
    "that an outlier scores higher than another sample. The bound is that of the true latents.",
  study: selectionStudy,
  cases: (scale) => [{ name: "unit noise", settings: scaled(UNIT_NOISE, scale) }],
  seeds: seedRange(1, 20),
  conclude(trials) {
    const bound = "true latents";
    const { done, at, best, numbers, tables } = benefit(trials, "auroc", { name: "AUROC", bound });
    return {
      headline:
        `mean AUROC of two latents ${told(at("mi", 2))} by MI, ${told(at("var", 2))} by variance, ` +
        `${told(at("sigma", 2))} by sigma`,
      numbers,
      findings: [
        {
          paper: "Two latents by MI tell outliers well.",
          ours: `AUROC ${told(at("mi", 2))}; ${told(best)} with the true latents.`,
          agrees: at("mi", 2) >= best - 0.05,
        },
        {
          paper: "Variance is worse.",
          ours: `AUROC of its two ${told(at("var", 2))}, of sigma's two ${told(at("sigma", 2))}.`,
          agrees: at("var", 2) < at("mi", 2) - 0.01,
        },
        {
          paper: "All latents together do no harm.",
          ours: `AUROC of all ten ${told(at("mi", 10))}.`,
          agrees: at("mi", 10) >= at("mi", 2) - 0.02,
        },
      ],
      tables,
      figures:
        done.length === 0
          ? []
          : [benefitFigure(trials, "auroc", { value: best, label: bound }), outlierFigure(done[0])],
    };
  },
});

/** The true latents of samples and outliers. */
function outlierFigure({ seed, measures: { picture } }: MeasuredSelection): ResultFigure {
  const title = "Outliers in the space of the true latents";
  const labels = [...picture.labels, ...picture.outliers.slice(0, picture.outliers.length / 2).fill(CLASSES)];
  const names = [...Array.from({ length: CLASSES }, (_, k) => `cluster ${k}`), "outliers"];
  const points = Float32Array.from([...picture.truth, ...picture.outliers]);
  const panel = { title, points, xLabel: "true 0", yLabel: "true 1" };
  return {
    name: "outliers",
    title,
    caption: `Samples and outliers of seed ${seed} before they are mixed with noise.`,
    svg: standalone(title, scatterFigure(panel, labels, names, { size: 460 })),
  };
}

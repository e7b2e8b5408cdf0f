import { spectrumFigure } from "../../report/figures/spectrum.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { type PanelRow, panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { picturePanels } from "../picture-panels.js";
import {
  type AugmentedTrial,
  GOOD,
  informativeCount,
  isFound,
  type MeasuredAugmented,
} from "./augmented-study.js";

const SIDE = 250;

function panels(trial: MeasuredAugmented, title: string): PanelRow {
  const { picture, spectrum, trueDeviations } = trial.measures;
  const figure = spectrumFigure(spectrum, {
    measure: "std",
    informative: informativeCount(trial),
    truth: trueDeviations,
    width: SIDE + 40,
    height: SIDE,
  });
  return { title, panels: [...picturePanels(picture, "leading", SIDE), { title: "Spectrum", figure }] };
}

/** The panels of the best and of the worst trial: SSL paper, Fig. 1. */
export function panelsFigure(trials: readonly AugmentedTrial[]): ResultFigure[] {
  const sorted = measured(trials).toSorted((a, b) => b.measures.mcc - a.measures.mcc);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (best === undefined || worst === undefined) return [];
  const told = (what: string, trial: MeasuredAugmented) =>
    panels(trial, `${what}, seed ${trial.seed}: MCC ${trial.measures.mcc.toFixed(3)}`);
  const rows = [told("Best", best), ...(worst === best ? [] : [told("Worst", worst)])];
  const title = "Truth, data, latents and spectrum";
  return [
    {
      name: "panels",
      title,
      caption:
        "The trials with the highest and the lowest MCC. Colours are the clusters, which the model does not know. Order and signs " +
        "of the latents, which no model can know, are those that suit the truth. In the spectrum, dots are standard deviations " +
        "over all data, rings within clusters, and grey bars the true latents; a dashed line marks where the informative ones end.",
      svg: panelFigure(title, rows),
    },
  ];
}

/** The correlation of each true latent with the one matched to it, for every trial. */
export function correlationFigure(trials: readonly AugmentedTrial[]): ResultFigure {
  const label = "Correlation of each true latent, every trial";
  const values = measured(trials).flatMap(({ seed, measures }) =>
    measures.correlations.map((value, k) => ({ x: String(seed), group: `true ${k}`, value })),
  );
  return {
    name: "correlations",
    title: label,
    caption: `|correlation| of the two true latents with the latents matched to them. True 0 is augmented in all experiments of this family, true 1 in ssl-2d.`,
    svg: standalone(
      label,
      trialsFigure(values, {
        label,
        xLabel: "seed",
        yLabel: "|correlation| with the true latent",
        reference: { value: GOOD, label: `${GOOD}` },
        domain: [0, 1],
        medians: false,
      }),
    ),
  };
}

export function trialTable(trials: readonly AugmentedTrial[]): ResultTable {
  return {
    title: "Every trial",
    columns: [
      { title: "case" },
      { title: "seed", number: true },
      { title: "MCC", number: true },
      { title: "true 0", number: true },
      { title: "true 1", number: true },
      { title: "both found" },
      { title: "two of largest spread" },
      { title: "spectrum (std)" },
      { title: "held-out log-likelihood", number: true },
      { title: "seconds", number: true },
    ],
    rows: trials.map((trial) => {
      const { seed, measures, failure } = trial;
      const seconds = (trial.seconds.processor ?? trial.seconds.elapsed).toFixed(1);
      const before = [trial.case.name, String(seed)];
      if (measures === null) return [...before, "failed", "", "", "no", failure ?? "", "", "", seconds];
      return [
        ...before,
        measures.mcc.toFixed(4),
        ...measures.correlations.map((correlation) => correlation.toFixed(4)),
        isFound(trial) ? "yes" : "no",
        measures.leadingMatch ? "the true two" : "others",
        measures.spectrum.map(({ std }) => std.toPrecision(2)).join(", "),
        measures.heldOutLogLikelihood?.toFixed(4) ?? "",
        seconds,
      ];
    }),
  };
}

import { spectrumFigure } from "../../report/figures/spectrum.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { type PanelRow, panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { picturePanels } from "../picture-panels.js";
import { type Column, caseColumn, heldOutColumn, trialTable } from "../trial-table.js";
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

/** Every trial in a row. */
export const augmentedTable = (trials: readonly AugmentedTrial[]): ResultTable =>
  trialTable(trials, { before: [caseColumn], measures: COLUMNS });

const COLUMNS: readonly Column<MeasuredAugmented>[] = [
  { title: "MCC", number: true, cell: ({ measures }) => measures.mcc.toFixed(4) },
  ...[0, 1].map((component) => ({
    title: `true ${component}`,
    number: true,
    cell: ({ measures }: MeasuredAugmented) => measures.correlations[component].toFixed(4),
  })),
  { title: "both found", cell: (trial) => (isFound(trial) ? "yes" : "no") },
  {
    title: "two of largest spread",
    cell: ({ measures }) => (measures.leadingMatch ? "the true two" : "others"),
  },
  {
    title: "spectrum (std)",
    cell: ({ measures }) => measures.spectrum.map(({ std }) => std.toPrecision(2)).join(", "),
  },
  heldOutColumn,
];

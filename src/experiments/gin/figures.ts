import { spectrumFigure } from "../../report/figures/spectrum.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { type PanelRow, panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { picturePanels } from "../picture-panels.js";
import { type Column, heldOutColumn, trialTable } from "../trial-table.js";
import {
  GOOD_MCC,
  informativeCount,
  isRecovered,
  isSplit,
  type MeasuredRecovery,
  type RecoveryTrial,
} from "./recovery.js";

const SIDE = 250;

/** Truth, data, the two leading latents, and the spectrum beside that of the truth: GIN, Fig. 6. */
export function recoveryPanels(trial: MeasuredRecovery, title: string): PanelRow {
  const { picture, spectrum, trueSigmas } = trial.measures;
  return {
    title,
    panels: [
      ...picturePanels(picture, "leading", SIDE),
      {
        title: "Spectrum",
        figure: spectrumFigure(spectrum, {
          measure: "sigma",
          informative: informativeCount(trial),
          truth: trueSigmas,
          width: SIDE + 40,
          height: SIDE,
        }),
      },
    ],
  };
}

/** The panels of some trials, each with what it is, as one figure. */
export function panelsFigure(
  trials: readonly { readonly trial: MeasuredRecovery; readonly title: string }[],
  caption: string,
): ResultFigure {
  return {
    name: "panels",
    title: "Truth, data, latents and spectrum",
    caption:
      `${caption} Colours are the clusters. Order and signs of the latents, which no model can know, are those that suit ` +
      "the truth. In the spectrum, dots are standard deviations within clusters, rings over all data, and grey bars the " +
      "true latents; a dashed line marks where the informative ones end.",
    svg: panelFigure(
      "Truth, data, leading latents and spectrum",
      trials.map(({ trial, title }) => recoveryPanels(trial, title)),
    ),
  };
}

/** The MCC of every trial; `place` says where on the axis it stands and `group` in which colour. */
export function mccFigure(
  trials: readonly RecoveryTrial[],
  axis: {
    readonly xLabel: string;
    readonly place: (trial: RecoveryTrial) => string;
    readonly group?: (trial: RecoveryTrial) => string;
    /** Whether a line joins the medians of each group. */
    readonly joined?: boolean;
  },
  caption: string,
): ResultFigure {
  const label = "MCC of every trial";
  const values = measured(trials).map((trial) => ({
    x: axis.place(trial),
    group: axis.group?.(trial) ?? "",
    value: trial.measures.mcc,
  }));
  const lowest = Math.min(0.9, ...values.map(({ value }) => value));
  return {
    name: "mcc",
    title: label,
    caption,
    svg: standalone(
      label,
      trialsFigure(values, {
        label,
        xLabel: axis.xLabel,
        yLabel: "MCC with the true latents",
        reference: { value: GOOD_MCC, label: `${GOOD_MCC}` },
        domain: [Math.floor(lowest * 20) / 20, 1],
        medians: axis.joined ?? false,
      }),
    ),
  };
}

/** Every trial in a row; `before` stands before the measures. */
export const recoveryTable = (
  trials: readonly RecoveryTrial[],
  before: readonly Column<RecoveryTrial>[] = [],
): ResultTable => trialTable(trials, { before, measures: RECOVERY_COLUMNS });

const RECOVERY_COLUMNS: readonly Column<MeasuredRecovery>[] = [
  { title: "MCC", number: true, cell: ({ measures }) => measures.mcc.toFixed(4) },
  {
    title: "two leading latents",
    cell: ({ measures }) => (measures.leadingMatch ? "the true two" : "others"),
  },
  { title: "informative", number: true, cell: (trial) => String(informativeCount(trial)) },
  {
    title: "split",
    cell: (trial) =>
      isSplit(trial) ? trial.measures.carriers.map((latents) => latents.length).join(" + ") : "no",
  },
  heldOutColumn,
  { title: "least overlap", number: true, cell: ({ measures }) => Math.min(...measures.overlap).toFixed(3) },
  { title: "epochs", number: true, cell: ({ measures }) => String(measures.epochs) },
];

/** The trial with the lowest MCC, and that of the lowest seed; the same one once. */
export function firstAndWorst(
  trials: readonly RecoveryTrial[],
): { readonly trial: MeasuredRecovery; readonly title: string }[] {
  const done = measured(trials);
  const worst = done.toSorted((a, b) => a.measures.mcc - b.measures.mcc)[0];
  const told = (trial: MeasuredRecovery, what: string) => ({
    trial,
    title: `Seed ${trial.seed}${what}, MCC ${trial.measures.mcc.toFixed(3)}${isRecovered(trial) ? "" : ", not recovered"}`,
  });
  if (done.length === 0) return [];
  if (done.length === 1 || worst === done[0]) return [told(done[0], "")];
  return [told(done[0], ""), told(worst, ", the lowest")];
}

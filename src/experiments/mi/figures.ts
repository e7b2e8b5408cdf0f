import { CRITERIA, type Criterion } from "../../analysis/index.js";
import { curvesFigure } from "../../report/figures/curves.js";
import { decayFigure } from "../../report/figures/decay.js";
import { scatterFigure } from "../../report/figures/scatter.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { type PanelRow, panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { type Column, heldOutColumn, trialTable } from "../trial-table.js";
import { CLASSES, INFORMATIVE } from "./data.js";
import { GOOD_MCC, type MeasuredSelection, type SelectionTrial } from "./selection-study.js";

const SIDE = 265;

/** What criteria are called in figures and tables. */
export const CRITERION_NAMES: Readonly<Record<Criterion, string>> = {
  mi: "MI",
  var: "variance (pooled)",
  sigma: "sigma (within clusters)",
};

const classes = Array.from({ length: CLASSES }, (_, k) => String(k));

/** The truth and the two latents of each criterion, above the curves they are taken from: MI paper, Fig. 3. */
export function selectionPanels(trial: MeasuredSelection, title: string): PanelRow[] {
  const { picture, criteria, assignment, floor } = trial.measures;
  const scatter = (name: string, points: readonly number[], x: string, y: string) =>
    scatterFigure(
      { title: name, points: Float32Array.from(points), xLabel: x, yLabel: y },
      picture.labels,
      classes,
      { size: SIDE, named: false },
    );
  const pair = (criterion: Criterion) => {
    const { chosen, points } = picture.latents[criterion];
    return scatter(CRITERION_NAMES[criterion], points, `latent ${chosen[0]}`, `latent ${chosen[1]}`);
  };
  const decay = (criterion: Criterion) => {
    const { order, scores, trueOrder, trueScores } = criteria[criterion];
    return decayFigure(
      order.map((latent, k) => ({ latent, value: scores[k], informative: assignment.includes(latent) })),
      {
        label: `Decay of ${CRITERION_NAMES[criterion]}`,
        yLabel: criterion === "mi" ? "mutual information (nats)" : "standard deviation",
        log: criterion !== "mi",
        truth: trueOrder.map((latent, k) => ({ value: trueScores[k], informative: latent < INFORMATIVE })),
        ...(criterion === "mi" && { floor }),
        width: SIDE,
        height: SIDE - 30,
      },
    );
  };
  const verdict = (criterion: Criterion) => (criteria[criterion].right ? "" : ": wrong");
  return [
    {
      title,
      panels: [
        { title: "Truth", figure: scatter("Truth", picture.truth, "true 0", "true 1") },
        ...CRITERIA.map((name) => ({
          title: `Two largest by ${SHORT[name]}${verdict(name)}`,
          figure: pair(name),
        })),
      ],
    },
    {
      panels: [
        { title: "Data, projected", figure: scatter("Data", picture.data, "direction 1", "direction 2") },
        ...CRITERIA.map((name) => ({ title: `${capital(SHORT[name])}, sorted`, figure: decay(name) })),
      ],
    },
  ];
}

const SHORT: Readonly<Record<Criterion, string>> = { mi: "MI", var: "variance", sigma: "sigma" };

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);

/** The panels of the first trial, and of the first one in which variance or else sigma picks wrong latents. */
export function selectionFigure(
  trials: readonly SelectionTrial[],
  name = "panels",
  title = "What each criterion picks",
): ResultFigure {
  const done = measured(trials);
  const wrong =
    done.find(({ measures }) => !measures.criteria.var.right) ??
    done.find(({ measures }) => !measures.criteria.sigma.right);
  const shown = [...new Set([wrong ?? done[0], done[0]])].filter((trial) => trial !== undefined);
  return {
    name,
    title,
    caption:
      "The first seed in which variance, or else sigma, picks wrong latents, and the first seed. Above: the true latents, and " +
      "the two that each criterion ranks highest; order and signs, which no model can know, are those that suit the truth. " +
      "Below: the data, and every latent's score under its index. Blue dots are the latents that match the true ones, grey " +
      "bars the scores of the true latents themselves (dark) and of the true noise (light); the dashed line is the level " +
      "that mutual information with shuffled classes stays under.",
    svg: panelFigure(
      title,
      shown.flatMap((trial) =>
        selectionPanels(
          trial,
          `Seed ${trial.seed}, MCC of the best two latents ${trial.measures.mcc.toFixed(3)}`,
        ),
      ),
    ),
  };
}

/** The MCC of the two latents that each criterion picked, for every trial. */
export function pickedFigure(
  trials: readonly SelectionTrial[],
  place: (trial: SelectionTrial) => string = () => "",
  name = "picked",
): ResultFigure {
  const label = "MCC of what each criterion picked";
  const values = measured(trials).flatMap((trial) =>
    CRITERIA.map((criterion) => ({
      x: SHORT[criterion],
      group: place(trial),
      value: trial.measures.criteria[criterion].mcc,
    })),
  );
  return {
    name,
    title: label,
    caption:
      "A dot for every seed: mean correlation of the true latents with the two that the criterion ranks highest.",
    svg: standalone(
      label,
      trialsFigure(values, {
        label,
        xLabel: "criterion",
        yLabel: "MCC of the two picked",
        reference: { value: GOOD_MCC, label: String(GOOD_MCC) },
        domain: [0, 1],
        medians: false,
      }),
    ),
  };
}

/** Accuracy or AUROC against the number of latents, beside what the true latents reach. */
export function benefitFigure(
  trials: readonly SelectionTrial[],
  measure: "accuracy" | "auroc",
  best: { readonly value: number; readonly label: string },
): ResultFigure {
  const done = measured(trials);
  const [title, yLabel] =
    measure === "accuracy"
      ? ["Accuracy by number of latents", "accuracy"]
      : ["AUROC by number of latents", "AUROC"];
  const curves = CRITERIA.flatMap((criterion) =>
    done.map(({ measures }) => ({
      name: CRITERION_NAMES[criterion],
      points: measures.criteria[criterion][measure].map((y, k) => ({ x: k + 1, y })),
    })),
  );
  return {
    name: measure,
    title,
    caption:
      "Thick: the mean over seeds; thin: every seed. Latents are added in the order of each criterion.",
    svg: standalone(
      title,
      curvesFigure(curves, {
        label: title,
        xLabel: "number of latents",
        yLabel,
        references: [best],
        ticks: curves[0]?.points.map(({ x }) => x),
      }),
    ),
  };
}

/** Every trial in a row; `before` stands before the measures. */
export const selectionTable = (
  trials: readonly SelectionTrial[],
  before: readonly Column<SelectionTrial>[] = [],
): ResultTable => trialTable(trials, { before, measures: SELECTION_COLUMNS });

const SELECTION_COLUMNS: readonly Column<MeasuredSelection>[] = [
  { title: "best MCC", number: true, cell: ({ measures }) => measures.mcc.toFixed(4) },
  ...CRITERIA.flatMap((name): Column<MeasuredSelection>[] => [
    {
      title: `${SHORT[name]} right`,
      cell: ({ measures }) => (measures.criteria[name].right ? "yes" : "no"),
    },
    {
      title: `${SHORT[name]} MCC`,
      number: true,
      cell: ({ measures }) => measures.criteria[name].mcc.toFixed(3),
    },
  ]),
  { title: "selected by MI", number: true, cell: ({ measures }) => String(measures.selected) },
  heldOutColumn,
];

import { median } from "../../analysis/index.js";
import { curvesFigure } from "../../report/figures/curves.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { groupBy, round, told } from "../summary.js";
import { caseColumn, trialTable as tableOfTrials } from "../trial-table.js";
import { ESTIMATORS, type MeasuredSegments, type SegmentTrial } from "./study.js";

/** What the paper says that iVAE reaches. */
export const GOOD_MCC = 0.95;

export const estimatorOf = ({ case: { settings } }: SegmentTrial): string => ESTIMATORS[settings.estimator];

export type Value = (trial: MeasuredSegments) => number;
export const mccOf: Value = ({ measures }) => measures.mcc;

/** The median of what trials measured; NaN where none did. */
export function medianOf(trials: readonly SegmentTrial[], value: Value = mccOf): number {
  const values = measured(trials).map(value);
  return values.length === 0 ? Number.NaN : median(values);
}

/** "0.961 (0.951 to 0.972)": median and range. */
export function rangeText(trials: readonly SegmentTrial[], value: Value = mccOf): string {
  const values = measured(trials).map(value);
  if (values.length === 0) return "no number";
  return `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;
}

/** The median of what trials took, in seconds of the processor. */
export function secondsOf(trials: readonly SegmentTrial[]): number {
  return median(trials.map(({ seconds: { processor, elapsed } }) => processor ?? elapsed));
}

/** Median, range and failures of each case, for programs. */
export function numbersOf(trials: readonly SegmentTrial[], value: Value = mccOf): Record<string, unknown> {
  return Object.fromEntries(
    [...groupBy(trials, ({ case: { name } }) => name)].map(([name, own]) => {
      const values = measured(own).map(value);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const found = { median: round(median(values)), lowest: round(least), highest: round(most) };
      return [name, { trials: own.length, ...(values.length > 0 && found) }];
    }),
  );
}

/** Every trial as a dot over its place, in its group's colour; a line joins medians where places are an axis. */
export function dotsFigure(
  trials: readonly SegmentTrial[],
  options: {
    readonly name: string;
    readonly title: string;
    readonly caption: string;
    readonly xLabel: string;
    readonly place: (trial: SegmentTrial) => string;
    readonly group?: (trial: SegmentTrial) => string;
    readonly joined?: boolean;
    readonly value?: Value;
    readonly yLabel?: string;
    readonly width?: number;
  },
): ResultFigure {
  const { name, title, caption, xLabel, place, group = estimatorOf, joined = false, value = mccOf } = options;
  const values = measured(trials).map((trial) => ({
    x: place(trial),
    group: group(trial),
    value: value(trial),
  }));
  const lowest = Math.min(0.9, ...values.map((each) => each.value));
  const figure = trialsFigure(values, {
    label: title,
    xLabel,
    yLabel: options.yLabel ?? "MCC with the true sources",
    reference: { value: GOOD_MCC, label: `${GOOD_MCC}` },
    domain: [Math.floor(lowest * 10) / 10, 1],
    medians: joined,
    height: 360,
    width: options.width ?? 720,
  });
  return { name, title, caption, svg: standalone(title, figure) };
}

/** MCC over training, a thin line a trial and thick means; no figure where nothing was looked at. */
export function courseFigure(trials: readonly SegmentTrial[], caption: string): ResultFigure[] {
  const curves = measured(trials).map((trial) => ({
    name: estimatorOf(trial),
    points: trial.measures.course.map(({ epoch, mcc }) => ({
      x: epoch / trial.case.settings.epochs,
      y: mcc,
    })),
  }));
  if (curves.every(({ points }) => points.length < 2)) return [];
  const title = "MCC over training";
  const figure = curvesFigure(curves, {
    label: title,
    xLabel: "share of the training that is done",
    yLabel: "MCC with the true sources",
    references: [{ value: GOOD_MCC, label: `${GOOD_MCC}` }],
    // Room for the names below the curves.
    domain: [0.2, 1],
    height: 380,
  });
  return [{ name: "training", title, caption, svg: standalone(title, figure) }];
}

/** Median MCC and what it cost, a case in a row. */
export function summaryTable(trials: readonly SegmentTrial[]): ResultTable {
  return {
    title: "Summary",
    columns: [
      { title: "case" },
      { title: "trials", number: true },
      { title: "median MCC", number: true },
      { title: "lowest", number: true },
      { title: "highest", number: true },
      { title: "log-likelihood", number: true },
      { title: "lower bound", number: true },
      { title: "seconds", number: true },
    ],
    rows: [...groupBy(trials, ({ case: { name } }) => name)].map(([name, own]) => {
      const values = measured(own).map(mccOf);
      const nats = (of: "logLikelihood" | "lowerBound") => {
        const known = measured(own).flatMap(({ measures }) => measures[of] ?? []);
        return known.length === 0 ? "" : median(known).toFixed(2);
      };
      return [
        name,
        String(own.length),
        values.length === 0 ? "" : median(values).toFixed(3),
        values.length === 0 ? "" : Math.min(...values).toFixed(3),
        values.length === 0 ? "" : Math.max(...values).toFixed(3),
        nats("logLikelihood"),
        nats("lowerBound"),
        secondsOf(own).toFixed(0),
      ];
    }),
  };
}

/** Every trial in a row. */
export const trialTable = (trials: readonly SegmentTrial[]): ResultTable =>
  tableOfTrials(trials, {
    before: [caseColumn],
    measures: [
      { title: "MCC", number: true, cell: (trial) => told(mccOf(trial)) },
      {
        title: "correlations",
        cell: ({ measures }) => measures.correlations.map((value) => value.toFixed(2)).join(", "),
      },
      {
        title: "of magnitudes, by ranks",
        number: true,
        cell: ({ measures }) => told(measures.magnitudeMcc),
      },
      {
        title: "log-likelihood",
        number: true,
        cell: ({ measures }) => measures.logLikelihood?.toFixed(3) ?? "",
      },
      { title: "lower bound", number: true, cell: ({ measures }) => measures.lowerBound?.toFixed(3) ?? "" },
      {
        title: "segments told right",
        number: true,
        cell: ({ measures: { accuracy } }) => (accuracy === null ? "" : `${(100 * accuracy).toFixed(1)} %`),
      },
      { title: "epochs", number: true, cell: ({ measures }) => String(measures.epochs) },
    ],
  });

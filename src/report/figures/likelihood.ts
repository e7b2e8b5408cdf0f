import * as Plot from "@observablehq/plot";
import { formatFixed, formatRate } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";
import type { EpochRecord } from "../report-input.js";

/** The curves as a figure, and what had to be left out of it. */
export interface LikelihoodFigure {
  readonly svg: Markup;
  /** A sentence on epochs below the figure's range or without a finite value; empty when all are drawn. */
  readonly omitted: string;
  /** Whether a held-out curve is drawn. */
  readonly heldOut: boolean;
  /** Whether falls of the learning rate are marked. */
  readonly ratesMarked: boolean;
}

/** More changes of the learning rate than this are a continuous schedule, and not marked one by one. */
const MOST_RATE_MARKS = 8;

/**
 * Training and held-out log-likelihood (nats per dimension), or what else the history tells, by epoch, with the changes of the learning rate. The
 * first epochs, which often lie far below the rest, are left out where they would flatten the curves.
 */
export function likelihoodFigure(
  history: readonly EpochRecord[],
  measure = "log-likelihood (nats per dimension)",
): LikelihoodFigure {
  const points = history.flatMap(({ epoch, trainLogLikelihood, heldOutLogLikelihood }) => [
    { epoch, value: trainLogLikelihood, series: "training" },
    { epoch, value: heldOutLogLikelihood ?? Number.NaN, series: "held-out" },
  ]);
  const finite = points.filter((point) => Number.isFinite(point.value));
  const lowest = lowestShown(finite.map((point) => point.value));
  const shown = finite.filter((point) => point.value >= lowest);
  const changes = rateChanges(history);
  const marked = changes.length <= MOST_RATE_MARKS ? changes : [];
  const training = shown.filter((point) => point.series === "training");
  const heldOut = shown.filter((point) => point.series === "held-out");
  const few = history.length <= 30;
  const first = history[0]?.epoch ?? 0;
  const last = history.at(-1)?.epoch ?? 1;
  const axis = { x: "epoch", y: "value" } as const;
  const svg = renderPlot("Log-likelihood by epoch, on the training and the held-out samples", {
    width: 920,
    height: 330,
    marginLeft: 58,
    marginRight: 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: first === last ? [first - 0.5, last + 0.5] : [first, last],
      label: "epoch",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: few && last - first < 15 ? history.map((record) => record.epoch) : 10,
      tickFormat: (value: number) => (Number.isInteger(value) ? String(value) : ""),
    },
    y: {
      label: measure,
      labelArrow: "none",
      grid: true,
      nice: true,
      insetBottom: 4,
    },
    marks: [
      Plot.ruleX(marked, { x: "epoch", stroke: palette.faint, strokeDasharray: "3,3" }),
      Plot.text(marked, {
        x: "epoch",
        text: (change: RateChange) => `learning rate ${formatRate(change.rate)}`,
        frameAnchor: "bottom",
        dx: -5,
        dy: -6,
        textAnchor: "end",
        fill: palette.muted,
        stroke: "white",
        strokeWidth: 4,
      }),
      Plot.lineY(heldOut, { ...axis, stroke: palette.second, strokeWidth: 1.8 }),
      Plot.lineY(training, { ...axis, stroke: palette.accent, strokeWidth: 1.8 }),
      ...(few
        ? [
            Plot.dot(heldOut, { ...axis, r: 2.6, fill: palette.second }),
            Plot.dot(training, { ...axis, r: 2.6, fill: palette.accent }),
          ]
        : []),
    ],
  });
  return {
    svg,
    omitted: omission(points, lowest, finite.length),
    heldOut: heldOut.length > 0,
    ratesMarked: marked.length > 0,
  };
}

interface RateChange {
  readonly epoch: number;
  readonly rate: number;
}

/** Epochs whose learning rate differs from the one before. */
function rateChanges(history: readonly EpochRecord[]): RateChange[] {
  return history.flatMap((record, k) =>
    k > 0 && record.learningRate !== history[k - 1].learningRate
      ? [{ epoch: record.epoch, rate: record.learningRate }]
      : [],
  );
}

/** The lowest value worth drawing: below it lie only a few early epochs, far from the rest. */
function lowestShown(values: readonly number[]): number {
  if (values.length < 20) return Number.NEGATIVE_INFINITY;
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * 0.08)];
  const span = sorted[sorted.length - 1] - low;
  return sorted[0] < low - 1.5 * span ? low - 0.3 * span : Number.NEGATIVE_INFINITY;
}

function omission(
  points: readonly { value: number; epoch: number }[],
  lowest: number,
  finite: number,
): string {
  const below = points.filter((point) => point.value < lowest);
  const epochs = new Set(below.map((point) => point.epoch)).size;
  const sentences: string[] = [];
  if (epochs > 0) {
    const deepest = formatFixed(Math.min(...below.map((point) => point.value).filter(Number.isFinite)));
    const who = epochs === 1 ? "One epoch lies" : `${epochs} epochs lie`;
    sentences.push(`${who} below the figure, down to ${deepest}.`);
  }
  if (finite === 0) sentences.push("No epoch has a finite log-likelihood.");
  return sentences.join(" ");
}

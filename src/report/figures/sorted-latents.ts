import * as Plot from "@observablehq/plot";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { logTicks, renderPlot } from "../plot.js";

/** A value of one latent, at its place in the order. */
export interface RankedValue {
  /** From 1. */
  readonly rank: number;
  readonly latent: number;
  readonly value: number;
  readonly informative: boolean;
  /** Smaller than the axis shows, at whose end it is drawn, hollow. */
  readonly below?: boolean;
}

/** Sorted values of latents. */
export interface SortedLatents {
  /** What the figure shows, for readers that do not see it. */
  readonly title: string;
  readonly rows: readonly RankedValue[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly scale: "log" | "linear";
  /** Range of the values; on a log scale positive. */
  readonly domain: readonly [number, number];
  /** A line marks the cut behind the first so many. */
  readonly cut?: number;
  /** Other curves and marks: behind the cut, and between it and the values themselves. */
  readonly behind?: Plot.Markish;
  readonly between?: Plot.Markish;
  readonly width: number;
  readonly height: number;
}

/** Up to this many latents are drawn one by one, with their indices below; more are drawn as curves. */
export const mostNamed = 40;
/** Latents in a second figure, where the first has too many to name them. */
export const LEADING = 24;

/** Values of latents by rank, under their indices; the informative ones stand out. */
export function sortedLatentsFigure(figure: SortedLatents): Markup {
  const { rows, scale, domain, cut = 0, width, height } = figure;
  const named = rows.length <= mostNamed;
  const [lowest, highest] = domain;
  return renderPlot(figure.title, {
    width,
    height,
    marginLeft: width < 400 ? 52 : 58,
    marginRight: width < 400 ? 14 : 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: [0.5, rows.length + 0.5],
      label: figure.xLabel,
      labelAnchor: "center",
      labelArrow: "none",
      ...(named
        ? {
            ticks: rows.map((row) => row.rank),
            tickFormat: (rank: number) => String(rows[rank - 1]?.latent ?? ""),
          }
        : { ticks: 10 }),
    },
    y: {
      domain: [lowest, highest],
      label: figure.yLabel,
      labelArrow: "none",
      grid: true,
      ...(scale === "log"
        ? { type: "log", ticks: logTicks(lowest, highest), tickFormat: formatTick }
        : { ticks: 5 }),
    },
    marks: [figure.behind, cutMarks(cut, rows.length), figure.between, named ? dots(rows) : lines(rows)],
  });
}

/** Values of the true components, by rank. */
export interface TrueValue {
  readonly rank: number;
  readonly value: number;
  readonly informative?: boolean;
}

/** The true components as bars, or as a line where there are many. */
export function truthMarks(rows: readonly TrueValue[], named: boolean): Plot.Markish {
  if (!named) return Plot.lineY(rows, { x: "rank", y: "value", stroke: palette.truth, strokeWidth: 4 });
  return Plot.ruleY(rows, {
    y: "value",
    x1: ({ rank }: TrueValue) => rank - 0.3,
    x2: ({ rank }: TrueValue) => rank + 0.3,
    stroke: {
      value: ({ informative = true }: TrueValue) => (informative ? palette.truth : palette.line),
      scale: null,
    },
    strokeWidth: 5,
  });
}

function cutMarks(count: number, length: number): Plot.Markish {
  const cut = count > 0 && count < length ? [count + 0.5] : [];
  const isOnTheRight = count < length * 0.75;
  return [
    Plot.ruleX(cut, { x: (value: number) => value, stroke: palette.ink, strokeDasharray: "4,3" }),
    Plot.text(cut, {
      x: (value: number) => value,
      text: () => `${count} informative`,
      frameAnchor: "top",
      textAnchor: isOnTheRight ? "start" : "end",
      dx: isOnTheRight ? 6 : -6,
      dy: 4,
      stroke: "white",
      strokeWidth: 4,
      fill: palette.ink,
    }),
  ];
}

function dots(rows: readonly RankedValue[]): Plot.Markish {
  const colour = (row: RankedValue): string => (row.informative ? palette.accent : palette.rest);
  return [
    Plot.lineY(rows, { x: "rank", y: "value", stroke: palette.line, strokeWidth: 1.5 }),
    Plot.dot(rows, {
      x: "rank",
      y: "value",
      r: 4.6,
      fill: { value: (row: RankedValue) => (row.below ? "white" : colour(row)), scale: null },
      stroke: { value: (row: RankedValue) => (row.below ? colour(row) : "white"), scale: null },
      strokeWidth: (row: RankedValue) => (row.below ? 1.4 : 0.8),
    }),
  ];
}

function lines(rows: readonly RankedValue[]): Plot.Markish {
  const line = (part: readonly RankedValue[], stroke: string) =>
    Plot.lineY(part, { x: "rank", y: "value", stroke, strokeWidth: 3.5 });
  return [
    line(rows, palette.rest),
    line(
      rows.filter((row) => row.informative),
      palette.accent,
    ),
  ];
}

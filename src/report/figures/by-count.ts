import * as Plot from "@observablehq/plot";
import { formatCount } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** One curve: its value with the first 1, 2, ... latents. */
export interface CountCurve {
  readonly name: string;
  readonly values: ArrayLike<number>;
  readonly colour: string;
}

/** How to draw curves over the number of latents. */
export interface ByCountOptions {
  /** What the figure shows, for readers that do not see it. */
  readonly description: string;
  /** The name of the vertical axis. */
  readonly label: string;
  /** Lowest value of the axis; left out, it follows the curves. The highest is 1. */
  readonly lowest?: number;
  /** A number of latents to mark, with a word for it. */
  readonly mark?: { readonly count: number; readonly text: string };
  /** A value that none can exceed, such as the Bayes-optimal accuracy. */
  readonly bound?: { readonly value: number; readonly text: string };
  readonly width?: number;
}

/** Beyond this many latents the axis is logarithmic: what matters happens among the first. */
const MOST_LINEAR = 40;

/** Curves of a quality in 0..1, such as accuracy or AUROC, over the number of leading latents. */
export function byCountFigure(curves: readonly CountCurve[], options: ByCountOptions): Markup {
  const { description, label, mark, bound, width = 920 } = options;
  const latents = Math.max(...curves.map(({ values }) => values.length));
  const isLog = latents > MOST_LINEAR;
  // Not a log scale, whose axis leaves out labels of its own accord.
  const place = (count: number): number => (isLog ? Math.log10(count) : count);
  const points = curves.flatMap(({ name, values, colour }) =>
    Array.from(values, (value, k) => ({ name, colour, place: place(k + 1), value })).filter(({ value }) =>
      Number.isFinite(value),
    ),
  );
  const marks = mark ? [{ ...mark, place: place(mark.count) }] : [];
  const bounds = bound ? [bound] : [];
  const markOnTheRight = mark !== undefined && (isLog ? mark.count ** 2 < latents : 2 * mark.count < latents);
  const colour = { value: "colour", scale: null } as const;
  return renderPlot(description, {
    width,
    height: 340,
    marginLeft: 58,
    marginRight: 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: [place(isLog ? 1 : Math.min(1, latents - 1)), place(latents)],
      label: isLog ? "number of latents (log scale)" : "number of latents",
      labelAnchor: "center",
      labelArrow: "none",
      ...(isLog
        ? { ticks: countTicks(latents).map(place), tickFormat: (at: number) => formatCount(10 ** at) }
        : {
            ticks: Math.min(latents, 20),
            tickFormat: (count: number) => (Number.isInteger(count) ? String(count) : ""),
          }),
    },
    y: {
      label,
      labelArrow: "none",
      grid: true,
      nice: true,
      ...(options.lowest === undefined ? {} : { domain: [options.lowest, 1] }),
    },
    marks: [
      Plot.ruleY(bounds, { y: "value", stroke: palette.truth, strokeWidth: 3 }),
      Plot.text(bounds, {
        y: "value",
        text: "text",
        frameAnchor: "right",
        dx: -4,
        dy: -9,
        fill: palette.muted,
        stroke: "white",
        strokeWidth: 4,
      }),
      Plot.ruleX(marks, { x: "place", stroke: palette.ink, strokeDasharray: "4,3" }),
      Plot.text(marks, {
        x: "place",
        text: "text",
        frameAnchor: "bottom",
        textAnchor: markOnTheRight ? "start" : "end",
        dx: markOnTheRight ? 6 : -6,
        dy: -8,
        stroke: "white",
        strokeWidth: 4,
        fill: palette.ink,
      }),
      Plot.lineY(points, { x: "place", y: "value", z: "name", stroke: colour, strokeWidth: 2 }),
      Plot.dot(isLog ? [] : points, { x: "place", y: "value", r: 3, fill: colour }),
    ],
  });
}

/** 1, 2, 5, 10, 20, ... and the last. */
function countTicks(latents: number): number[] {
  const ticks: number[] = [];
  for (let power = 1; power <= latents; power *= 10) ticks.push(power, 2 * power, 5 * power);
  return [...ticks.filter((tick) => tick < latents / 1.25), latents];
}

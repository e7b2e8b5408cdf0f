import * as Plot from "@observablehq/plot";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { logTicks, renderPlot } from "../plot.js";

/** A latent and its score; those that are known to be informative stand out. */
export interface DecayPoint {
  readonly latent: number;
  readonly value: number;
  readonly informative: boolean;
}

export interface DecayFigureOptions {
  readonly label: string;
  readonly yLabel: string;
  readonly log?: boolean;
  /** Scores of the true components, largest first; bars behind the dots. */
  readonly truth?: readonly { readonly value: number; readonly informative: boolean }[];
  /** A level below which a score is noise. */
  readonly floor?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Scores of latents in descending order, under their indices, beside those of the true components. */
export function decayFigure(points: readonly DecayPoint[], options: DecayFigureOptions): Markup {
  const { truth = [], floor, log = false, width = 340, height = 250 } = options;
  const values = [...points, ...truth].map(({ value }) => value);
  const smallest = Math.min(...values.filter((value) => value > 0));
  const visible = (value: number): number => (log ? Math.max(value, smallest) : value);
  const domain = log ? [smallest / 1.4, Math.max(...values) * 1.4] : [0, Math.max(...values) * 1.06];
  const rows = points.map((point, k) => ({ ...point, rank: k + 1, value: visible(point.value) }));
  const bars = truth.map((point, k) => ({ ...point, rank: k + 1, value: visible(point.value) }));
  return renderPlot(options.label, {
    width,
    height,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: [0.5, points.length + 0.5],
      ticks: rows.map(({ rank }) => rank),
      tickFormat: (rank: number) => String(rows[rank - 1]?.latent ?? ""),
      label: "latent",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      domain,
      label: options.yLabel,
      labelArrow: "none",
      grid: true,
      ...(log
        ? { type: "log", ticks: logTicks(domain[0], domain[1]), tickFormat: formatTick }
        : { ticks: 5 }),
    },
    marks: [
      Plot.ruleY(bars, {
        y: "value",
        x1: ({ rank }: { readonly rank: number }) => rank - 0.34,
        x2: ({ rank }: { readonly rank: number }) => rank + 0.34,
        stroke: {
          value: ({ informative }: { readonly informative: boolean }) =>
            informative ? palette.truth : palette.line,
          scale: null,
        },
        strokeWidth: 6,
      }),
      Plot.ruleY(floor === undefined ? [] : [floor], { stroke: palette.ink, strokeDasharray: "3,3" }),
      Plot.lineY(rows, { x: "rank", y: "value", stroke: palette.rest, strokeWidth: 1 }),
      Plot.dot(rows, {
        x: "rank",
        y: "value",
        r: 4.4,
        fill: {
          value: ({ informative }: DecayPoint) => (informative ? palette.accent : palette.rest),
          scale: null,
        },
        stroke: "white",
        strokeWidth: 0.8,
      }),
    ],
  });
}

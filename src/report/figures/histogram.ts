import * as Plot from "@observablehq/plot";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** Values drawn as one outline. */
export interface HistogramSeries {
  readonly name: string;
  readonly colour: string;
  readonly values: ArrayLike<number>;
}

/** Histograms over each other, and what had to be left out of them. */
export interface HistogramFigure {
  readonly svg: Markup;
  /** For each series the share of its values that lie beyond the right end, 0..1. */
  readonly beyond: readonly number[];
}

const BINS = 60;
/** The axis ends here at the latest: beyond lie a few values, far away. */
const LAST_QUANTILE = 0.98;

/**
 * Histograms of several sets of values over one axis, each by shares of its own set, with a threshold marked. The axis
 * ends where 98 % of the first set and half of each other lie to its left.
 */
export function histogramFigure(
  series: readonly HistogramSeries[],
  options: {
    readonly label: string;
    readonly threshold?: number;
    readonly width?: number;
    readonly height?: number;
  },
): HistogramFigure {
  const { width = 440, height = 440, threshold, label } = options;
  const sorted = series.map(({ values }) => Float64Array.from(values).filter(Number.isFinite).sort());
  const quantile = (values: Float64Array, q: number): number =>
    values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
  const lowest = Math.min(...sorted.map((values) => values[0] ?? 0));
  const most = Math.max(...sorted.map((values, k) => quantile(values, k === 0 ? LAST_QUANTILE : 0.5)));
  const highest = Math.max(most, threshold ?? most, lowest + 1e-9) + 0.02 * (most - lowest);
  const step = (highest - lowest) / BINS;
  const bars = series.flatMap(({ name, colour }, k) => {
    const counts = new Float64Array(BINS);
    for (const value of sorted[k]) if (value < highest) counts[Math.floor((value - lowest) / step)]++;
    return Array.from(counts, (count, bin) => ({
      name,
      colour,
      from: lowest + bin * step,
      to: lowest + (bin + 1) * step,
      share: (100 * count) / Math.max(1, series[k].values.length),
    }));
  });
  const marks = threshold === undefined ? [] : [threshold];
  const svg = renderPlot(`Histogram of ${series.map(({ name }) => name).join(" and ")}`, {
    width,
    height,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    x: { label, labelAnchor: "center", labelArrow: "none", ticks: 6, domain: [lowest, highest] },
    y: { label: "share of its set (%)", labelArrow: "none", grid: true, ticks: 6 },
    marks: [
      Plot.rectY(bars, {
        x1: "from",
        x2: "to",
        y2: "share",
        y1: 0,
        fill: { value: "colour", scale: null },
        fillOpacity: 0.55,
        insetLeft: 0,
        insetRight: 0,
      }),
      Plot.ruleX(marks, { x: (v: number) => v, stroke: palette.ink, strokeDasharray: "4,3" }),
      Plot.text(marks, {
        x: (v: number) => v,
        text: () => "threshold",
        frameAnchor: "top",
        textAnchor: "start",
        dx: 5,
        dy: 4,
        stroke: "white",
        strokeWidth: 4,
        fill: palette.ink,
      }),
      Plot.ruleY([0], { stroke: palette.faint }),
    ],
  });
  const beyond = series.map(({ values }) => {
    let count = 0;
    for (let n = 0; n < values.length; n++) if (!(values[n] < highest)) count++;
    return count / Math.max(1, values.length);
  });
  return { svg, beyond };
}

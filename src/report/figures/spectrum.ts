import * as Plot from "@observablehq/plot";
import type { SpectrumEntry, SpectrumMeasure } from "../../analysis/spectrum.js";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { logTicks, renderPlot } from "../plot.js";

/** What the measures are called in figures and tables. */
export const measureNames: Readonly<Record<SpectrumMeasure, string>> = {
  sigma: "within conditions",
  std: "over all data",
};

/** How to draw a spectrum. */
export interface SpectrumFigureOptions {
  /** What `entries` are sorted by: drawn filled, the other measure as rings. */
  readonly measure: SpectrumMeasure;
  /** The first so many are highlighted, and a line marks the cut behind them. */
  readonly informative: number;
  /** Standard deviations of the true components, largest first, in grey. */
  readonly truth?: readonly number[];
  /** Standard deviations of the principal components of the same data, largest first, as a dashed line. */
  readonly principal?: readonly number[];
  /** Draw only the first so many. */
  readonly leading?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Up to this many latents are drawn one by one, with their indices below; more are drawn as curves. */
export const mostNamed = 40;
/** Values below this part of the largest are drawn at it: a log axis has no 0. */
const SMALLEST_SHARE = 1e-6;

/** The spectrum of the latents on a log scale, sorted, both measures, with the cut and, where known, the truth. */
export function spectrumFigure(entries: readonly SpectrumEntry[], options: SpectrumFigureOptions): Markup {
  const { measure, informative, width = 920, height = 340 } = options;
  const shown = entries.slice(0, options.leading ?? entries.length);
  const other: SpectrumMeasure = measure === "sigma" ? "std" : "sigma";
  const truth = (options.truth ?? []).slice(0, shown.length);
  const principal = (options.principal ?? []).slice(0, shown.length);
  const largest =
    Math.max(...shown.flatMap((entry) => [entry.sigma, entry.std]), ...truth, ...principal) || 1;
  const visible = (value: number): number => Math.max(value, largest * SMALLEST_SHARE);
  const rows = shown.map((entry, k) => ({
    rank: k + 1,
    latent: entry.latent,
    main: visible(entry[measure]),
    other: visible(entry[other]),
    informative: k < informative,
  }));
  const truthRows = truth.map((value, k) => ({ rank: k + 1, value: visible(value) }));
  const principalRows = principal.map((value, k) => ({ rank: k + 1, value: visible(value) }));
  const drawn = [...truthRows, ...principalRows].map((row) => row.value);
  const values = [...rows.flatMap((row) => [row.main, row.other]), ...drawn];
  const domain = [Math.min(...values) / 1.5, Math.max(...values) * 1.5];
  const named = shown.length <= mostNamed;
  const half = (row: { rank: number }, side: number): number => row.rank + 0.3 * side;
  const cut = informative > 0 && informative < shown.length ? [informative + 0.5] : [];
  const cutOnTheRight = informative < shown.length * 0.75;
  const colour = (row: { informative: boolean }): string => (row.informative ? palette.accent : palette.rest);
  const sorted = `${named ? "latent" : "rank of the latent"}, sorted by standard deviation`;
  const label = width < 400 ? sorted : `${sorted} ${measureNames[measure]}`;

  return renderPlot(`Spectrum of ${shown.length} latents on a log scale`, {
    width,
    height,
    marginLeft: 58,
    marginRight: 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: [0.5, shown.length + 0.5],
      label,
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
      type: "log",
      domain,
      label: "standard deviation (units of the latent)",
      labelArrow: "none",
      ticks: logTicks(domain[0], domain[1]),
      tickFormat: formatTick,
      grid: true,
    },
    marks: [
      named
        ? Plot.ruleY(truthRows, {
            y: "value",
            x1: (row: { rank: number }) => half(row, -1),
            x2: (row: { rank: number }) => half(row, 1),
            stroke: palette.truth,
            strokeWidth: 5,
          })
        : Plot.lineY(truthRows, { x: "rank", y: "value", stroke: palette.truth, strokeWidth: 4 }),
      Plot.lineY(principalRows, {
        x: "rank",
        y: "value",
        stroke: palette.principal,
        strokeWidth: 1.8,
        strokeDasharray: "6,3",
      }),
      Plot.ruleX(cut, { x: (value: number) => value, stroke: palette.ink, strokeDasharray: "4,3" }),
      Plot.text(cut, {
        x: (value: number) => value,
        text: () => `${informative} informative`,
        frameAnchor: "top",
        textAnchor: cutOnTheRight ? "start" : "end",
        dx: cutOnTheRight ? 6 : -6,
        dy: 4,
        stroke: "white",
        strokeWidth: 4,
        fill: palette.ink,
      }),
      Plot.dot(rows, {
        x: "rank",
        y: "other",
        r: named ? 4 : 1.7,
        stroke: named ? palette.second : "none",
        fill: named ? "none" : palette.second,
        fillOpacity: named ? 1 : 0.7,
        strokeWidth: 1.3,
      }),
      named
        ? [
            Plot.lineY(rows, { x: "rank", y: "main", stroke: palette.line, strokeWidth: 1.5 }),
            Plot.dot(rows, { x: "rank", y: "main", r: 4.6, fill: colour, stroke: "white", strokeWidth: 0.8 }),
          ]
        : [
            Plot.lineY(rows, { x: "rank", y: "main", stroke: palette.rest, strokeWidth: 3.5 }),
            Plot.lineY(rows.slice(0, informative), {
              x: "rank",
              y: "main",
              stroke: palette.accent,
              strokeWidth: 3.5,
            }),
          ],
    ],
  });
}

import * as Plot from "@observablehq/plot";
import type { SpectrumEntry, SpectrumMeasure } from "../../analysis/spectrum.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { mostNamed, sortedLatentsFigure, truthMarks } from "./sorted-latents.js";

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
  const ranked = (values: readonly number[]) =>
    values.map((value, k) => ({ rank: k + 1, value: visible(value) }));
  const rows = shown.map((entry, k) => ({
    rank: k + 1,
    latent: entry.latent,
    value: visible(entry[measure]),
    informative: k < informative,
  }));
  const [others, truthRows, principalRows] = [shown.map((entry) => entry[other]), truth, principal].map(
    ranked,
  );
  const values = [...rows, ...others, ...truthRows, ...principalRows].map((row) => row.value);
  const named = shown.length <= mostNamed;

  const sorted = `${named ? "latent" : "rank of the latent"}, sorted by standard deviation`;

  return sortedLatentsFigure({
    title: `Spectrum of ${shown.length} latents on a log scale`,
    rows,
    cut: informative,
    xLabel: width < 400 ? sorted : `${sorted} ${measureNames[measure]}`,
    scale: "log",
    yLabel: "standard deviation (units of the latent)",
    domain: [Math.min(...values) / 1.5, Math.max(...values) * 1.5],
    behind: [
      truthMarks(truthRows, named),
      Plot.lineY(principalRows, {
        x: "rank",
        y: "value",
        stroke: palette.principal,
        strokeWidth: 1.8,
        strokeDasharray: "6,3",
      }),
    ],
    between: Plot.dot(others, {
      x: "rank",
      y: "value",
      r: named ? 4 : 1.7,
      stroke: named ? palette.second : "none",
      fill: named ? "none" : palette.second,
      fillOpacity: named ? 1 : 0.7,
      strokeWidth: 1.3,
    }),
    width,
    height,
  });
}

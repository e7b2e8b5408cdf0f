import * as Plot from "@observablehq/plot";
import type { DecayCurve } from "../../analysis/cut.js";
import { formatValue } from "../../analysis/wording.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { mostNamed, sortedLatentsFigure, truthMarks } from "./sorted-latents.js";

/** How to draw the mutual information of latents. */
export interface InformationFigureOptions {
  /** The first so many are highlighted, and a line marks the cut behind them. */
  readonly informative: number;
  /** Mutual information of the true components, largest first, in grey. */
  readonly truth?: readonly number[];
  /** Draw only the first so many. */
  readonly leading?: number;
  readonly width?: number;
  readonly height?: number;
}

/** The axis goes down to this part of the noise floor, or of the largest value where there is none. */
const LOWEST_SHARE = { floor: 1 / 5, largest: 1e-4 };

/** A log axis for mutual information, which may be 0. */
export interface InformationAxis {
  readonly domain: readonly [number, number];
  /** Whether a value is too small for it. */
  isBelow(value: number): boolean;
  /** Where a value is drawn: one that is too small just above the end. */
  visible(value: number): number;
}

export function informationAxis(values: readonly number[], floor = 0): InformationAxis {
  const largest = Math.max(...values, floor) || 1;
  const lowest = floor > 0 ? floor * LOWEST_SHARE.floor : largest * LOWEST_SHARE.largest;
  return {
    domain: [lowest, largest * 1.5],
    isBelow: (value) => value < lowest,
    visible: (value) => Math.max(value, lowest * 1.15),
  };
}

/**
 * Mutual information of the latents with the condition, sorted, on a log scale, with the cut. Values in the shaded band
 * at the bottom are no larger than chance would make them; those below the axis are drawn at its end, hollow.
 */
export function informationFigure(curve: DecayCurve, options: InformationFigureOptions): Markup {
  const { informative, leading = curve.values.length, width = 920, height = 340 } = options;
  const { floor } = curve;
  const shown = curve.values.slice(0, leading);
  const truth = (options.truth ?? []).slice(0, leading);
  const axis = informationAxis([...shown, ...truth], floor ?? 0);
  const rows = shown.map((value, k) => ({
    rank: k + 1,
    latent: curve.latents[k],
    value: axis.visible(value),
    informative: k < informative,
    below: axis.isBelow(value),
  }));
  const named = shown.length <= mostNamed;
  const truthRows = truth.map((value, k) => ({ rank: k + 1, value: axis.visible(value) }));
  const band = floor ? [{ floor, text: `noise floor ${formatValue(floor)}` }] : [];
  const sorted = `${named ? "latent" : "rank of the latent"}, sorted by mutual information`;
  return sortedLatentsFigure({
    title: `Mutual information of ${shown.length} latents with the condition on a log scale`,
    rows,
    cut: informative,
    xLabel: width < 400 ? sorted : `${sorted} with the condition`,
    scale: "log",
    yLabel: "mutual information (nats)",
    domain: axis.domain,
    behind: [
      Plot.rect(band, {
        x1: 0.5,
        x2: shown.length + 0.5,
        y1: axis.domain[0],
        y2: "floor",
        fill: palette.line,
        fillOpacity: 0.55,
      }),
      Plot.ruleY(band, { y: "floor", stroke: palette.faint, strokeWidth: 1 }),
      // On the left, where the largest values are, and so none near the floor.
      Plot.text(band, {
        x: 0.5,
        y: "floor",
        text: "text",
        textAnchor: "start",
        dx: 6,
        dy: 9,
        fill: palette.muted,
      }),
      truthMarks(truthRows, named),
    ],
    width,
    height,
  });
}

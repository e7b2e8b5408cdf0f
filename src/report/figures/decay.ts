import * as Plot from "@observablehq/plot";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { mostNamed, sortedLatentsFigure, truthMarks } from "./sorted-latents.js";

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
  const { label, yLabel, truth = [], floor, log = false, width = 340, height = 250 } = options;
  const values = [...points, ...truth].map(({ value }) => value);
  const smallest = Math.min(...values.filter((value) => value > 0));
  const largest = Math.max(...values);
  const ranked = <T extends { readonly value: number }>(all: readonly T[]) =>
    all.map((one, k) => ({ ...one, rank: k + 1, value: log ? Math.max(one.value, smallest) : one.value }));
  return sortedLatentsFigure({
    title: label,
    rows: ranked(points),
    xLabel: "latent",
    yLabel,
    scale: log ? "log" : "linear",
    domain: log ? [smallest / 1.4, largest * 1.4] : [0, largest * 1.06],
    behind: [
      truthMarks(ranked(truth), points.length <= mostNamed),
      Plot.ruleY(floor === undefined ? [] : [floor], { stroke: palette.ink, strokeDasharray: "3,3" }),
    ],
    width,
    height,
  });
}

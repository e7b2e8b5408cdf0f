import * as Plot from "@observablehq/plot";
import { palette } from "../palette.js";

const percent = (value: number): string => String(Math.round(100 * value));

/** A square with two axes from 0 to 100 %, as ROC curves and reliability diagrams are drawn in; spread into a plot. */
export function unitSquare(
  size: number,
  labels: { readonly x: string; readonly y: string },
): Plot.PlotOptions {
  const axis = { domain: [0, 1], ticks: 5, tickFormat: percent, labelArrow: "none" } as const;
  return {
    width: size,
    height: size,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    x: { ...axis, label: labels.x, labelAnchor: "center" },
    y: { ...axis, label: labels.y, grid: true },
  };
}

/** The frame of the square and the diagonal from (0, 0) to (1, 1). */
export const frameAndDiagonal = (stroke: Plot.LineOptions): Plot.Markish[] => [
  Plot.frame({ stroke: palette.line }),
  Plot.line([0, 1], { x: (v: number) => v, y: (v: number) => v, stroke: palette.truth, ...stroke }),
];

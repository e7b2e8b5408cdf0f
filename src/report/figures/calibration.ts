import * as Plot from "@observablehq/plot";
import type { CalibrationBin } from "../../analysis/classification.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";
import { frameAndDiagonal, unitSquare } from "./unit-square.js";

/**
 * The reliability diagram: in each bin of confidence the share of right predictions, a point as large as the bin is
 * full, and its distance from the diagonal, where confidence is what it says.
 */
export function calibrationFigure(
  bins: readonly CalibrationBin[],
  options: { readonly size?: number } = {},
): Markup {
  const { size = 440 } = options;
  const filled = bins.filter(({ count }) => count > 0);
  const most = Math.max(1, ...filled.map(({ count }) => count));
  const radius = ({ count }: CalibrationBin): number => 3 + 9 * Math.sqrt(count / most);
  return renderPlot("Share of right predictions against confidence", {
    ...unitSquare(size, { x: "mean confidence (%)", y: "right predictions (%)" }),
    inset: 8,
    marks: [
      ...frameAndDiagonal({ strokeWidth: 3 }),
      Plot.ruleX(filled, {
        x: "confidence",
        y1: "confidence",
        y2: "accuracy",
        stroke: palette.second,
        strokeWidth: 1.5,
      }),
      Plot.line(filled, { x: "confidence", y: "accuracy", stroke: palette.accent, strokeWidth: 1.8 }),
      Plot.dot(filled, {
        x: "confidence",
        y: "accuracy",
        r: { value: radius, scale: null } as never,
        fill: palette.accent,
      }),
    ],
  });
}

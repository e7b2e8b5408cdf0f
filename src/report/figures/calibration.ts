import * as Plot from "@observablehq/plot";
import type { CalibrationBin } from "../../analysis/classification.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";

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
  const percent = (value: number): string => String(Math.round(100 * value));
  const axis = { domain: [0, 1], ticks: 5, tickFormat: percent, labelArrow: "none" } as const;
  return renderPlot("Share of right predictions against confidence", {
    width: size,
    height: size,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    inset: 8,
    x: { ...axis, label: "mean confidence (%)", labelAnchor: "center" },
    y: { ...axis, label: "right predictions (%)", grid: true },
    marks: [
      Plot.frame({ stroke: palette.line }),
      Plot.line([0, 1], { x: (v: number) => v, y: (v: number) => v, stroke: palette.truth, strokeWidth: 3 }),
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

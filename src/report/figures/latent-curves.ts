import * as Plot from "@observablehq/plot";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";
import type { CurvesSection, LatentCurve } from "../report-input.js";

/** Another curve to compare with, such as the true mean and standard deviation. */
export interface KnownCurve {
  readonly mean: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
}

export interface LatentCurveOptions {
  readonly width?: number;
  readonly height?: number;
  /** Whether it is one of those that stand out. */
  readonly informative?: boolean;
  readonly known?: KnownCurve | undefined;
}

/** The mean of a latent by the condition, with a band of one standard deviation, over some samples. */
export function latentCurveFigure(
  { conditionName, values }: Pick<CurvesSection, "conditionName" | "values">,
  { latent, mean, sigma, samples }: LatentCurve,
  { width = 330, height = 210, informative = true, known }: LatentCurveOptions = {},
): Markup {
  const along = (curve: KnownCurve) =>
    Array.from(values, (condition, k) => ({
      condition,
      mean: curve.mean[k],
      low: curve.mean[k] - curve.sigma[k],
      high: curve.mean[k] + curve.sigma[k],
    }));
  const [fitted, truth] = [along({ mean, sigma }), known ? along(known) : []];
  const colour = informative ? palette.accent : palette.muted;
  const grey = { stroke: palette.ink, strokeDasharray: "4,3", strokeWidth: 1.2 };
  return renderPlot(`Mean and standard deviation of latent ${latent} by ${conditionName}`, {
    width,
    height,
    marginLeft: 46,
    marginRight: 12,
    marginBottom: 40,
    marginTop: 26,
    x: { label: conditionName, labelAnchor: "center", labelArrow: "none", ticks: 5 },
    y: { label: `latent ${latent}`, labelArrow: "none", ticks: 5, grid: true, nice: true },
    marks: [
      Plot.dot(samples, { x: "condition", y: "value", r: 1.3, fill: palette.rest }),
      Plot.areaY(fitted, { x: "condition", y1: "low", y2: "high", fill: colour, fillOpacity: 0.22 }),
      Plot.line(fitted, { x: "condition", y: "mean", stroke: colour, strokeWidth: 2.4 }),
      Plot.line(truth, { x: "condition", y: "mean", ...grey }),
      Plot.line(truth, { x: "condition", y: "low", ...grey, strokeOpacity: 0.5 }),
      Plot.line(truth, { x: "condition", y: "high", ...grey, strokeOpacity: 0.5 }),
    ],
  });
}

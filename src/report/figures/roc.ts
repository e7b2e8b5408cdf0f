import * as Plot from "@observablehq/plot";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** One ROC curve, from (0, 0) to (1, 1). */
export interface RocSeries {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly { readonly falseAlarmRate: number; readonly detectionRate: number }[];
}

/** ROC curves over the diagonal of a guess. */
export function rocFigure(curves: readonly RocSeries[], options: { readonly size?: number } = {}): Markup {
  const { size = 440 } = options;
  const points = curves.flatMap(({ name, colour, points: own }) =>
    own.map((point) => ({ ...point, name, colour })),
  );
  const percent = (value: number): string => String(Math.round(100 * value));
  const axis = { domain: [0, 1], ticks: 5, tickFormat: percent, labelArrow: "none" } as const;
  return renderPlot("ROC curve: detection rate against false-alarm rate", {
    width: size,
    height: size,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    x: { ...axis, label: "false alarms (% of normal samples)", labelAnchor: "center" },
    y: { ...axis, label: "detected (% of outliers)", grid: true },
    marks: [
      Plot.frame({ stroke: palette.line }),
      Plot.line([0, 1], {
        x: (v: number) => v,
        y: (v: number) => v,
        stroke: palette.truth,
        strokeDasharray: "4,3",
      }),
      Plot.line(points, {
        x: "falseAlarmRate",
        y: "detectionRate",
        z: "name",
        stroke: { value: "colour", scale: null },
        strokeWidth: 2.2,
      }),
    ],
  });
}

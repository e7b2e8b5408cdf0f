import * as Plot from "@observablehq/plot";
import type { Markup } from "../html.js";
import { renderPlot } from "../plot.js";
import { frameAndDiagonal, unitSquare } from "./unit-square.js";

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
  return renderPlot("ROC curve: detection rate against false-alarm rate", {
    ...unitSquare(size, { x: "false alarms (% of normal samples)", y: "detected (% of outliers)" }),
    marks: [
      ...frameAndDiagonal({ strokeDasharray: "4,3" }),
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

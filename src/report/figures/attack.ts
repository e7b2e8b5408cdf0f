import * as Plot from "@observablehq/plot";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** One curve: a share in 0..1 for each strength of an attack. */
export interface StrengthCurve {
  readonly name: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly values: readonly { readonly epsilon: number; readonly value: number }[];
}

/**
 * Shares over the strength of an attack. The strengths stand at equal distances in their order: they usually span
 * orders of magnitude, and the first is 0.
 */
export function attackFigure(
  curves: readonly StrengthCurve[],
  options: { readonly label: string; readonly unit: string; readonly width?: number },
): Markup {
  const strengths = [...new Set(curves.flatMap(({ values }) => values.map(({ epsilon }) => epsilon)))].sort(
    (a, b) => a - b,
  );
  const rows = curves.flatMap(({ name, colour, dashed, values }) =>
    values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ epsilon, value }) => ({
        name,
        colour,
        dashed,
        place: strengths.indexOf(epsilon),
        value: 100 * value,
      })),
  );
  const solid = rows.filter(({ dashed }) => !dashed);
  const broken = rows.filter(({ dashed }) => dashed);
  const line = (strokeDasharray?: string) => ({
    x: "place",
    y: "value",
    z: "name",
    stroke: { value: "colour", scale: null },
    strokeWidth: 2.2,
    strokeDasharray,
  });
  return renderPlot(`${options.label} against the strength of the attack`, {
    width: options.width ?? 920,
    height: 340,
    marginLeft: 58,
    marginRight: 24,
    marginBottom: 42,
    marginTop: 28,
    x: {
      type: "point",
      domain: strengths.map((_, place) => place),
      label: `strength of the attack (${options.unit})`,
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (place: number) => formatTick(strengths[place]),
    },
    y: { label: `${options.label} (%)`, labelArrow: "none", domain: [0, 100], grid: true, ticks: 5 },
    marks: [
      Plot.line(solid, line()),
      Plot.line(broken, line("5,4")),
      Plot.dot(rows, { x: "place", y: "value", r: 4, fill: { value: "colour", scale: null } }),
      Plot.ruleY([0], { stroke: palette.faint }),
    ],
  });
}

import * as Plot from "@observablehq/plot";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { logTicks, renderPlot } from "../plot.js";

/** A line through values, such as accuracy by number of latents; points in the order of x. */
export interface Curve {
  /** Names its colour; curves of one name are repetitions, drawn thin, under their mean. */
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Default: the next of a palette. */
  readonly colour?: string;
}

export interface CurvesFigureOptions {
  readonly label: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Horizontal lines to compare with. */
  readonly references?: readonly { readonly value: number; readonly label: string }[];
  readonly domain?: readonly [number, number];
  /** Axes with a log scale. */
  readonly log?: "x" | "y" | "both";
  /** Values of x that get a tick. */
  readonly ticks?: readonly number[];
  /** What stands below the ticks, where it is not the value. */
  readonly tickNames?: readonly string[];
  readonly dots?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** Colours of curves, in the order of their names. */
export const CURVE_COLOURS = [palette.accent, palette.second, "#7a5fc0", "#4f8f3a", "#8a6a4c", "#6d7680"];

/** Curves by name, each name's mean drawn thick and its repetitions thin, with the names at their right ends. */
export function curvesFigure(curves: readonly Curve[], options: CurvesFigureOptions): Markup {
  const { references = [], domain, log, ticks, dots = true, width = 720, height = 340 } = options;
  const names = [...new Set(curves.map(({ name }) => name))];
  const means = names.map((name) =>
    meanCurve(
      name,
      curves.filter((curve) => curve.name === name),
    ),
  );
  const rows = (chosen: readonly Curve[]) =>
    chosen.flatMap(({ name, points }, k) => points.map((point) => ({ ...point, name, curve: k })));
  const repeated = rows(curves.length > names.length ? curves : []);
  const colour = ({ name }: { readonly name: string }) => {
    const index = names.indexOf(name);
    return means[index].colour ?? CURVE_COLOURS[index % CURVE_COLOURS.length];
  };
  const stroke = { value: colour, scale: null };
  const xs = means.flatMap(({ points }) => points.map(({ x }) => x));
  return renderPlot(options.label, {
    width,
    height,
    marginLeft: 58,
    marginRight: 24,
    marginBottom: 42,
    marginTop: 28,
    x: {
      type: isLog(log, "x") ? "log" : "linear",
      domain: [Math.min(...xs), Math.max(...xs)],
      ...(ticks && {
        ticks: [...ticks],
        tickFormat: (tick: number) => options.tickNames?.[ticks.indexOf(tick)] ?? String(tick),
      }),
      label: options.xLabel,
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: {
      type: isLog(log, "y") ? "log" : "linear",
      label: options.yLabel,
      labelArrow: "none",
      grid: true,
      nice: !domain,
      ...(domain && { domain }),
      ...(isLog(log, "y") && { ...logAxis(means) }),
    },
    marks: [
      Plot.ruleY(references, { y: "value", stroke: palette.ink, strokeDasharray: "4,3" }),
      Plot.text(references, {
        y: "value",
        text: "label",
        frameAnchor: "right",
        textAnchor: "end",
        dx: -4,
        dy: -8,
        fill: palette.muted,
        stroke: "white",
        strokeWidth: 4,
      }),
      Plot.line(repeated, { x: "x", y: "y", z: "curve", stroke, strokeWidth: 0.7, strokeOpacity: 0.35 }),
      Plot.line(rows(means), { x: "x", y: "y", z: "name", stroke, strokeWidth: 2.4 }),
      dots
        ? Plot.dot(rows(means), { x: "x", y: "y", r: 3, fill: stroke, stroke: "white", strokeWidth: 0.6 })
        : [],
      legend(
        names,
        names.map((name) => colour({ name })),
        emptiestCorner(means, { log, domain, share: (30 + 19 * names.length) / height }),
      ),
    ],
  });
}

const isLog = (log: CurvesFigureOptions["log"], axis: "x" | "y"): boolean => log === axis || log === "both";

/** The range of positive values, with round ticks. */
function logAxis(curves: readonly Curve[]) {
  const values = curves.flatMap(({ points }) => points.map(({ y }) => y)).filter((value) => value > 0);
  const domain = [Math.min(...values), Math.max(...values)];
  return { domain, clamp: true, ticks: logTicks(domain[0], domain[1]), tickFormat: formatTick };
}

/** The mean of repetitions at every x that all of them have. */
function meanCurve(name: string, curves: readonly Curve[]): Curve {
  const [first, ...others] = curves;
  const points = first.points.flatMap(({ x, y }) => {
    const ys = others.map(({ points: own }) => own.find((point) => point.x === x)?.y);
    if (ys.includes(undefined)) return [];
    return [{ x, y: ys.reduce((sum: number, value) => sum + (value ?? 0), y) / curves.length }];
  });
  return { name, points, colour: first.colour };
}

const CORNERS = ["bottom-right", "top-right", "bottom-left", "top-left"] as const;
type Corner = (typeof CORNERS)[number];

/** The corner of the frame where the fewest points lie; `share` is that of its height that a legend takes. */
function emptiestCorner(
  curves: readonly Curve[],
  { log, domain, share }: Pick<CurvesFigureOptions, "log" | "domain"> & { readonly share: number },
): Corner {
  const points = curves.flatMap(({ points: own }) => own);
  const place = (axis: "x" | "y", range?: readonly [number, number]) => {
    const scaled = (value: number) => (isLog(log, axis) ? Math.log(value) : value);
    const values = (range ?? points.map((point) => point[axis])).map(scaled).filter(Number.isFinite);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return (value: number) => (most > least ? (scaled(value) - least) / (most - least) : 0.5);
  };
  const [across, up] = [place("x"), place("y", domain)];
  const crowd = (corner: Corner) =>
    points.filter(({ x, y }) => {
      const [u, v] = [across(x), up(y)];
      return (
        (corner.endsWith("right") ? u > 0.7 : u < 0.3) &&
        (corner.startsWith("top") ? v > 1 - share : v < share)
      );
    }).length;
  return CORNERS.reduce((best, corner) => (crowd(corner) < crowd(best) ? corner : best));
}

/** The names in their colours, in a corner. */
function legend(names: readonly string[], colours: readonly string[], corner: Corner): Plot.Markish {
  const isTop = corner.startsWith("top");
  return names.map((name, k) =>
    Plot.text([name], {
      text: (text: string) => `● ${text}`,
      frameAnchor: corner,
      dx: corner.endsWith("right") ? -8 : 8,
      dy: isTop ? 8 + 19 * k : -8 - 19 * (names.length - 1 - k),
      fill: colours[k],
      fontWeight: 600,
      stroke: "white",
      strokeWidth: 4,
    }),
  );
}

import * as Plot from "@observablehq/plot";
import { formatTick } from "../src/report/format.js";
import { palette } from "../src/report/palette.js";
import { logTicks, renderPlot, standaloneSvg } from "../src/report/plot.js";
import { type Curve, THREADS } from "./growth-curves.js";
import { type GrowthResult, type MeasuredCurve, onThreads } from "./growth-result.js";

const WIDTH = 760;
const HEIGHT = 420;
const MARGINS = { top: 20, bottom: 44 } as const;
/** Pixels between the axis and the middle of a label at least. */
const LABEL_ROOM = 16;
const COLOURS: Readonly<Record<number, string>> = { 1: palette.accent, 2: palette.second };
const threadsText = (threads: number) => `${threads} ${threads === 1 ? "thread" : "threads"}`;

/** Step time against what grows, both on log axes, with the powers that a curve is compared with. */
export function growthFigure(curve: Curve, measured: MeasuredCurve): string {
  const rows = measured.points.map(({ value, threads, seconds }) => ({
    value,
    threads,
    time: 1000 * seconds.median,
    low: 1000 * seconds.lowerQuartile,
    high: 1000 * seconds.upperQuartile,
  }));
  const last = onThreads(measured, 1).at(-1);
  const first = curve.values[0];
  const x = [first / 1.4, (last?.value ?? first) * 1.6] as const;
  const times = rows.flatMap(({ low, high }) => [low, high]);
  // Lines that come from below have their labels there.
  const room = curve.powers.some((power) => power > 0) ? 2.5 : 1.5;
  const y = [Math.min(...times) / room, Math.max(...times) * 1.5] as const;
  const lowestLabel = y[0] * (y[1] / y[0]) ** (LABEL_ROOM / (HEIGHT - MARGINS.top - MARGINS.bottom));
  const references = curve.powers.map((power) => {
    const at = (value: number) => 1000 * (last?.seconds.median ?? 1) * (value / (last?.value ?? 1)) ** power;
    // From the last point down to the edge of the figure.
    const lowest =
      power === 0 ? x[0] : Math.max(x[0], (last?.value ?? 1) * (y[0] / at(last?.value ?? 1)) ** (1 / power));
    const from = { value: lowest, time: at(lowest) };
    const lifted = power === 0 ? 1 : Math.max(1, lowestLabel / from.time) ** (1 / power);
    const label = { value: lowest * lifted, time: at(lowest * lifted) };
    return { power, label, points: [from, { value: last?.value ?? 1, time: at(last?.value ?? 1) }] };
  });
  const svg = renderPlot(`Time of a training step against ${curve.label}, on log axes`, {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 64,
    marginRight: 84,
    marginTop: MARGINS.top,
    marginBottom: MARGINS.bottom,
    x: {
      type: "log",
      domain: [...x],
      label: curve.label,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: [...curve.values],
      tickFormat: (value: number) => value.toLocaleString("en-US"),
    },
    y: {
      type: "log",
      domain: [...y],
      label: "milliseconds a step",
      labelArrow: "none",
      ticks: logTicks(...y),
      tickFormat: formatTick,
      grid: true,
    },
    marks: [
      references.map(({ power, label, points }) => [
        Plot.line(points, {
          x: "value",
          y: "time",
          stroke: palette.truth,
          strokeDasharray: "5,4",
          strokeWidth: 1.5,
        }),
        Plot.text([label], {
          x: "value",
          y: "time",
          text: () => (power === 0 ? "constant" : power === 1 ? "in proportion" : `power ${power}`),
          textAnchor: "start",
          dx: 8,
          dy: power === 0 ? -8 : 4,
          fill: palette.muted,
        }),
      ]),
      Plot.ruleX(rows, { x: "value", y1: "low", y2: "high", stroke: (row) => COLOURS[row.threads] }),
      Plot.line(rows, {
        x: "value",
        y: "time",
        z: "threads",
        stroke: (row) => COLOURS[row.threads],
        strokeWidth: 2,
      }),
      Plot.dot(rows, { x: "value", y: "time", r: 4, fill: (row) => COLOURS[row.threads], stroke: "white" }),
      Plot.text(
        THREADS.flatMap((threads) => rows.filter((row) => row.threads === threads).slice(-1)),
        {
          x: "value",
          y: "time",
          text: (row) => threadsText(row.threads),
          fill: (row) => COLOURS[row.threads],
          textAnchor: "start",
          dx: 9,
        },
      ),
    ],
  });
  return standaloneSvg(svg);
}

/** How much faster two threads are than one, against how long a step takes on one. */
export function threadsFigure({ curves }: GrowthResult): string {
  const rows = curves.flatMap((curve) => {
    const [one, two] = THREADS.map((threads) => onThreads(curve, threads));
    return one.map((point, index) => ({
      curve: curve.id,
      time: 1000 * point.seconds.median,
      gain: point.seconds.median / two[index].seconds.median,
    }));
  });
  const times = rows.map(({ time }) => time);
  const x = [Math.min(...times) / 1.5, Math.max(...times) * 1.5] as const;
  const most = Math.max(2.2, ...rows.map(({ gain }) => gain + 0.1));
  const svg = renderPlot("Gain from a second thread against the time of a step on one", {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 64,
    marginRight: 24,
    marginBottom: 44,
    color: {
      legend: false,
      domain: curves.map(({ id }) => id),
      range: [palette.accent, palette.second, palette.ink, palette.faint],
    },
    symbol: { domain: curves.map(({ id }) => id) },
    x: {
      type: "log",
      domain: [...x],
      label: "milliseconds a step on one thread",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: logTicks(...x),
      tickFormat: formatTick,
    },
    y: { domain: [0, most], label: "times as fast on two threads", labelArrow: "none", grid: true },
    marks: [
      Plot.ruleY([1, 2], { stroke: palette.truth, strokeDasharray: "5,4", strokeWidth: 1.5 }),
      Plot.dot(rows, { x: "time", y: "gain", fill: "curve", symbol: "curve", r: 5 }),
      curves.map((curve, index) => [
        Plot.text([curve], {
          frameAnchor: "bottom-right",
          text: () => `varying ${curve.id}`,
          fill: "id",
          dy: -8 - 18 * index,
          dx: -8,
        }),
      ]),
    ],
  });
  return standaloneSvg(svg);
}

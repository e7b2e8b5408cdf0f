import * as Plot from "@observablehq/plot";
import { InputError } from "../../errors.js";
import { shorten } from "../format.js";
import type { Markup } from "../html.js";
import { conditionColours, orderedColours, palette } from "../palette.js";
import { renderPlot } from "../plot.js";
import type { ScatterPanel } from "../report-input.js";

/** More points than this are not drawn: a page stays light and the clusters stay visible. */
export const mostPoints = 3000;
/** Up to this many classes are named inside the figure. */
const MOST_NAMED = 12;

/**
 * Which rows to draw: all of them up to `most`, otherwise `most` rows drawn without replacement by a fixed generator,
 * so that the same number of rows always gives the same choice. Ascending.
 */
export function chooseRows(rows: number, most: number = mostPoints): number[] {
  const all = Array.from({ length: rows }, (_, n) => n);
  if (rows <= most) return all;
  let state = 20200;
  for (let k = 0; k < most; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const other = k + Math.floor((state / 2 ** 32) * (rows - k));
    [all[k], all[other]] = [all[other], all[k]];
  }
  return all.slice(0, most).sort((a, b) => a - b);
}

/**
 * One scatter plot coloured by class.
 *
 * @param panel points of shape [N][2] and the names of the axes.
 * @param labels class index of each point. Shape [N].
 * @param options.ordered whether the classes have an order, which their colours then follow.
 * @param options.named write the name of each class at its median point; left out, with 2 to 12 classes. Names that others
 * would cover are left out, and all of them where that is most of them, as of classes with a common centre.
 * @throws InputError when points and labels differ in number.
 */
export function scatterFigure(
  panel: ScatterPanel,
  labels: ArrayLike<number>,
  classes: readonly string[],
  options: { readonly size?: number; readonly named?: boolean; readonly ordered?: boolean } = {},
): Markup {
  const { size = 440, ordered = false, named = classes.length > 1 && classes.length <= MOST_NAMED } = options;
  const { points } = panel;
  if (points.length !== 2 * labels.length) {
    throw new InputError(`"${panel.title}" has ${points.length / 2} points for ${labels.length} labels.`);
  }
  const colours = (ordered ? orderedColours : conditionColours)(classes.length);
  const rows = chooseRows(labels.length)
    .map((n) => ({ x: points[2 * n], y: points[2 * n + 1], label: labels[n] }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return renderPlot(`${panel.title}: ${panel.xLabel} against ${panel.yLabel}, coloured by condition`, {
    width: size,
    height: size,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 42,
    marginTop: 28,
    inset: 8,
    x: {
      label: panel.xLabel,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: size < 300 ? 4 : 6,
      nice: true,
    },
    y: { label: panel.yLabel, labelArrow: "none", ticks: 6, nice: true },
    marks: [
      Plot.frame({ stroke: palette.line }),
      Plot.dot(rows, {
        x: "x",
        y: "y",
        r: rows.length > 1000 ? 1.5 : 2.2,
        fill: { value: (row: { label: number }) => colours[row.label] ?? palette.faint, scale: null },
        fillOpacity: 0.6,
      }),
      Plot.text(named ? legible(centres(rows, classes), rows) : [], {
        x: "x",
        y: "y",
        text: "name",
        fill: palette.ink,
        stroke: "white",
        strokeWidth: 4,
        fontWeight: 600,
      }),
    ],
  });
}

/** The median point of every class that has one. */
function centres(
  rows: readonly { x: number; y: number; label: number }[],
  classes: readonly string[],
): { x: number; y: number; name: string }[] {
  return classes.flatMap((name, label) => {
    const members = rows.filter((row) => row.label === label);
    if (members.length === 0) return [];
    const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    return [
      { x: median(members.map((row) => row.x)), y: median(members.map((row) => row.y)), name: shorten(name) },
    ];
  });
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Shares of the figure's width and height that a name takes. */
const NAME_WIDTH = 0.08;
const NAME_HEIGHT = 0.04;

/** Names that can be read where they stand: none of those before is in the way. */
function legible<T extends Place>(names: readonly T[], points: readonly Place[]): readonly T[] {
  const extent = (of: (place: Place) => number) => {
    const range = points.reduce(
      ([low, high], point) => [Math.min(low, of(point)), Math.max(high, of(point))],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return range[1] - range[0];
  };
  const [width, height] = [NAME_WIDTH * extent(({ x }) => x), NAME_HEIGHT * extent(({ y }) => y)];
  const shown: T[] = [];
  for (const name of names) {
    const isFree = shown.every(
      (other) => Math.abs(other.x - name.x) > width || Math.abs(other.y - name.y) > height,
    );
    if (isFree) shown.push(name);
  }
  return 2 * shown.length > names.length ? shown : [];
}

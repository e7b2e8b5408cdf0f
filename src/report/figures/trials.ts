import * as Plot from "@observablehq/plot";
import { median } from "../../analysis/median.js";
import type { Markup } from "../html.js";
import { conditionColours, palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** One outcome of a trial: a dot. */
export interface TrialValue {
  /** Place on the horizontal axis. */
  readonly x: string;
  /** Colour. */
  readonly group: string;
  readonly value: number;
}

export interface TrialsFigureOptions {
  readonly label: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** A line to compare with, and what it says. */
  readonly reference?: { readonly value: number; readonly label: string };
  readonly domain?: readonly [number, number];
  /** A line through the medians of each group; left out, where there is more than one place. */
  readonly medians?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** Part of the distance between two places over which the dots of one are spread. */
const SPREAD = 0.62;

/** A dot for every trial, by place and group, with the medians of each group joined by a line. */
export function trialsFigure(values: readonly TrialValue[], options: TrialsFigureOptions): Markup {
  const { reference, domain, width = 720, height = 330 } = options;
  const places = [...new Set(values.map(({ x }) => x))];
  const groups = [...new Set(values.map(({ group }) => group))];
  const { medians = places.length > 1 } = options;
  const colours = groups.length === 1 ? [palette.accent] : conditionColours(groups.length);
  const dots = values.map((each) => {
    const own = values.filter(({ x, group }) => x === each.x && group === each.group);
    const within = own.length > 1 ? own.indexOf(each) / (own.length - 1) - 0.5 : 0;
    const lane = groups.indexOf(each.group) - (groups.length - 1) / 2;
    const laneWidth = SPREAD / groups.length;
    const spread = Math.min(0.8 * laneWidth, 0.08 * own.length);
    return { ...each, position: places.indexOf(each.x) + lane * laneWidth + within * spread };
  });
  const middles = groups.flatMap((group) =>
    places.flatMap((place, position) => {
      const own = dots.filter((dot) => dot.group === group && dot.x === place).map(({ value }) => value);
      const lane = groups.indexOf(group) - (groups.length - 1) / 2;
      return own.length === 0
        ? []
        : [{ group, position: position + (lane * SPREAD) / groups.length, value: median(own) }];
    }),
  );
  const colour = ({ group }: { readonly group: string }) => colours[groups.indexOf(group)];
  return renderPlot(options.label, {
    width,
    height,
    marginLeft: 58,
    marginRight: groups.length > 1 ? 130 : 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      domain: [-0.5, places.length - 0.5],
      ticks: places.map((_, k) => k),
      tickFormat: (k: number) => places[k] ?? "",
      label: options.xLabel,
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: { label: options.yLabel, labelArrow: "none", grid: true, nice: !domain, ...(domain && { domain }) },
    marks: [
      Plot.ruleY(reference ? [reference.value] : [], { stroke: palette.ink, strokeDasharray: "4,3" }),
      Plot.text(reference ? [reference] : [], {
        y: "value",
        text: "label",
        frameAnchor: "left",
        textAnchor: "start",
        dx: 6,
        dy: -8,
        fill: palette.muted,
        stroke: "white",
        strokeWidth: 4,
      }),
      Plot.lineY(medians ? middles : [], {
        x: "position",
        y: "value",
        z: "group",
        stroke: { value: colour, scale: null },
        strokeWidth: 1.6,
        strokeOpacity: 0.75,
      }),
      Plot.dot(dots, {
        x: "position",
        y: "value",
        r: 3.4,
        fill: { value: colour, scale: null },
        fillOpacity: 0.75,
        stroke: "white",
        strokeWidth: 0.6,
      }),
      groups.length > 1 ? groupNames(groups, colours, width - 122) : [],
    ],
  });
}

/** The names of the groups in their colours, at the right. */
function groupNames(groups: readonly string[], colours: readonly string[], x: number): Plot.Markish {
  return groups.map((group, k) =>
    Plot.text([group], {
      text: (name: string) => `● ${name}`,
      frameAnchor: "top-left",
      dx: x - 58,
      dy: 6 + 19 * k,
      textAnchor: "start",
      fill: colours[k],
      fontWeight: 600,
    }),
  );
}

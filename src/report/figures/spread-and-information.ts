import * as Plot from "@observablehq/plot";
import type { LatentScores } from "../../analysis/latent-scores.js";
import type { SpectrumEntry, SpectrumMeasure } from "../../analysis/spectrum.js";
import { formatTick } from "../format.js";
import type { Markup } from "../html.js";
import { palette } from "../palette.js";
import { logTicks, renderPlot } from "../plot.js";
import { informationAxis } from "./information.js";
import { mostNamed } from "./sorted-latents.js";
import { measureNames } from "./spectrum.js";

/** Two scores of the same latents, and which latents each selects. */
export interface SpreadAndInformation {
  /** Sorted by `measure`, of which the first `wide` are informative. */
  readonly spectrum: readonly SpectrumEntry[];
  readonly measure: SpectrumMeasure;
  readonly wide: number;
  readonly scores: LatentScores;
  /** Latents that mutual information selects. */
  readonly telling: readonly number[];
}

/** What mutual information selects, what only the spread selects, and the rest. */
const colourOf = ({ wide, telling }: { wide: boolean; telling: boolean }): string =>
  telling ? palette.accent : wide ? palette.second : palette.rest;

/** A dot a latent: standard deviation to the right, mutual information upwards, both on log scales. */
export function spreadAndInformationFigure(both: SpreadAndInformation, width = 560): Markup {
  const { spectrum, measure, scores } = both;
  const floor = scores.null.level;
  const axis = informationAxis(
    scores.entries.map(({ mi }) => mi),
    floor,
  );
  const [lowest, highest] = axis.domain;
  const widest = spectrum[0][measure] || 1;
  const rows = spectrum.map((entry, rank) => ({
    latent: entry.latent,
    spread: Math.max(entry[measure], widest * 1e-6),
    mi: axis.visible(scores.entries[entry.latent].mi),
    below: axis.isBelow(scores.entries[entry.latent].mi),
    wide: rank < both.wide,
    telling: both.telling.includes(entry.latent),
  }));
  type Row = (typeof rows)[number];
  const spreads = rows.map(({ spread }) => spread);
  const [left, right] = [Math.min(...spreads) / 1.4, Math.max(...spreads) * 1.4];
  const single = rows.length <= mostNamed;
  return renderPlot(`Standard deviation and mutual information of ${rows.length} latents`, {
    width,
    height: 0.75 * width,
    marginLeft: 58,
    marginRight: 20,
    marginBottom: 42,
    marginTop: 28,
    x: {
      type: "log",
      domain: [left, right],
      label: `standard deviation ${measureNames[measure]}`,
      labelAnchor: "center",
      labelArrow: "none",
      ticks: logTicks(left, right),
      tickFormat: formatTick,
    },
    y: {
      type: "log",
      domain: [lowest, highest],
      label: "mutual information (nats)",
      labelArrow: "none",
      ticks: logTicks(lowest, highest),
      tickFormat: formatTick,
      grid: true,
    },
    marks: [
      Plot.rect(floor > 0 ? [floor] : [], {
        x1: left,
        x2: right,
        y1: lowest,
        y2: (value: number) => value,
        fill: palette.line,
        fillOpacity: 0.55,
      }),
      Plot.frame({ stroke: palette.line }),
      [palette.rest, palette.second, palette.accent].map((colour) =>
        Plot.dot(
          rows.filter((row) => colourOf(row) === colour),
          {
            x: "spread",
            y: "mi",
            r: single ? 4.6 : 2.4,
            fill: { value: (row: Row) => (row.below ? "white" : colour), scale: null },
            stroke: { value: (row: Row) => (row.below ? colour : "none"), scale: null },
          },
        ),
      ),
      Plot.dot(
        rows.filter((row) => row.wide && row.telling),
        { x: "spread", y: "mi", r: single ? 7.5 : 4.2, stroke: palette.second, strokeWidth: 1.3 },
      ),
      Plot.text(single ? rows : [], {
        x: "spread",
        y: "mi",
        text: (row: Row) => String(row.latent),
        dx: 9,
        dy: -8,
        textAnchor: "start",
        fill: palette.ink,
        stroke: "white",
        strokeWidth: 3,
      }),
    ],
  });
}

import * as Plot from "@observablehq/plot";
import { shorten } from "../format.js";
import type { Markup } from "../html.js";
import { correlationColour, palette } from "../palette.js";
import { renderPlot } from "../plot.js";

/** Columns drawn at most; the matched latents are always among them. */
const MOST_COLUMNS = 24;

/** The columns that `correlationFigure` draws: the first of `order`, and every matched latent. */
export function shownLatents(assignment: readonly number[], order: readonly number[]): number[] {
  const free = Math.max(0, MOST_COLUMNS - assignment.length);
  const leading = new Set([
    ...order.filter((latent) => !assignment.includes(latent)).slice(0, free),
    ...assignment,
  ]);
  return order.filter((latent) => leading.has(latent));
}

/**
 * |correlation| of every true component (rows) with the latents (columns, in the order of the spectrum); the matched
 * pairs are outlined.
 *
 * @param matrix shape [true components][latents], values 0..1.
 * @param order latents, in the order of the spectrum.
 */
export function correlationFigure(
  matrix: readonly (readonly number[])[],
  assignment: readonly number[],
  order: readonly number[],
  names: readonly string[],
  options: { readonly side?: number; readonly xLabel?: string } = {},
): Markup {
  const latents = shownLatents(assignment, order);
  const cells = matrix.flatMap((row, component) =>
    latents.map((latent, column) => ({ component, column, latent, value: row[latent] })),
  );
  const side = options.side ?? Math.min(58, Math.floor(820 / latents.length));
  const rowHeight = Math.max(18, Math.min(side, 40));
  const written = side >= 30;
  const left = 20 + 6.6 * Math.max(...names.map((name) => shorten(name).length), 4);
  return renderPlot("Absolute correlation of true components with latents", {
    width: left + 16 + side * latents.length,
    height: 48 + rowHeight * matrix.length,
    marginLeft: left,
    marginRight: 16,
    marginTop: 6,
    marginBottom: 42,
    padding: 0.06,
    x: {
      type: "band",
      domain: latents.map((_, column) => column),
      label: options.xLabel ?? "latent, in the order of the spectrum",
      labelAnchor: "center",
      labelArrow: "none",
      tickSize: 0,
      tickFormat: (column: number) => String(latents[column]),
    },
    y: {
      type: "band",
      domain: matrix.map((_, component) => component),
      label: null,
      tickSize: 0,
      tickFormat: (component: number) => shorten(names[component] ?? String(component)),
    },
    marks: [
      Plot.cell(cells, {
        x: "column",
        y: "component",
        fill: { value: (cell: Cell) => correlationColour(cell.value), scale: null },
        stroke: {
          value: (cell: Cell) => (isMatched(cell, assignment) ? palette.second : palette.line),
          scale: null,
        },
        strokeWidth: { value: (cell: Cell) => (isMatched(cell, assignment) ? 2.5 : 0.6) },
      }),
      Plot.text(written ? cells : [], {
        x: "column",
        y: "component",
        text: (cell: Cell) => cell.value.toFixed(2),
        fill: { value: (cell: Cell) => (cell.value > 0.6 ? "white" : palette.ink), scale: null },
      }),
    ],
  });
}

interface Cell {
  readonly component: number;
  readonly latent: number;
  readonly value: number;
}

const isMatched = (cell: Cell, assignment: readonly number[]): boolean =>
  assignment[cell.component] === cell.latent;

import { escapeHtml, Markup } from "./html.js";
import { figureFont, palette } from "./palette.js";

/** A figure in a row of figures, and what stands above it. */
export interface Panel {
  readonly title: string;
  readonly figure: Markup;
}

export interface PanelRow {
  /** Stands above the row, such as "seed 1". */
  readonly title?: string;
  readonly panels: readonly Panel[];
}

const GAP = 18;
const PANEL_TITLE = 22;
const ROW_TITLE = 30;
const MARGIN = 12;

/**
 * Figures side by side, row by row, as one SVG that stands alone: a file with a white ground.
 *
 * @param label what the figure shows, for readers that do not see it.
 */
export function panelFigure(label: string, rows: readonly PanelRow[]): Markup {
  const pieces: string[] = [];
  let width = 0;
  let y = MARGIN;
  for (const { title, panels } of rows) {
    if (title !== undefined) {
      pieces.push(text(MARGIN, y + 18, title, 16));
      y += ROW_TITLE;
    }
    const titled = panels.some((panel) => panel.title !== "") ? PANEL_TITLE : 0;
    let x = MARGIN;
    let height = 0;
    for (const panel of panels) {
      const size = sizeOf(panel.figure);
      if (panel.title !== "") pieces.push(text(x + 4, y + 15, panel.title, 14));
      pieces.push(nested(panel.figure, x, y + titled));
      x += size.width + GAP;
      height = Math.max(height, size.height);
    }
    width = Math.max(width, x - GAP + MARGIN);
    y += titled + height + GAP;
  }
  const height = y - GAP + MARGIN;
  return new Markup(
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeHtml(label)}" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" font-family="${figureFont}" color="${palette.ink}" fill="currentColor">` +
      `<rect width="${width}" height="${height}" fill="white"/>${pieces.join("")}</svg>`,
  );
}

/** One figure as an SVG file that stands alone. */
export const standalone = (label: string, figure: Markup): Markup =>
  panelFigure(label, [{ panels: [{ title: "", figure }] }]);

const text = (x: number, y: number, words: string, size: number): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="600">${escapeHtml(words)}</text>`;

function sizeOf({ text: svg }: Markup): { width: number; height: number } {
  const opening = svg.slice(0, svg.indexOf(">"));
  const side = (name: string) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(opening)?.[1]);
  return { width: side("width"), height: side("height") };
}

/** A plot placed in another SVG. Its style sheet, made for a page, would stretch it there. */
const nested = ({ text: svg }: Markup, x: number, y: number): string =>
  svg.replace(/^<svg /, `<svg x="${x}" y="${y}" overflow="visible" `).replace(/<style>[\s\S]*?<\/style>/, "");

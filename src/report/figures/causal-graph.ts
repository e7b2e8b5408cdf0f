import { html, type Markup } from "../html.js";
import { figureFont, palette } from "../palette.js";

/** A graph of variables, by their indices. */
export interface DrawnGraph {
  readonly variables: readonly string[];
  readonly edges: readonly { readonly cause: number; readonly effect: number }[];
  /** Pairs joined by a dashed line without a direction. */
  readonly unexplained: readonly { readonly first: number; readonly second: number }[];
  /** Variables on a cycle. */
  readonly cyclic: readonly number[];
}

const NODE_RADIUS = 26;
const MOST_LETTERS = 7;

/** Variables on a circle; an arrow from cause to effect, a dashed line for a dependence without a direction. */
export function causalGraphFigure(
  { variables, edges, unexplained, cyclic }: DrawnGraph,
  { size = 440 }: { readonly size?: number } = {},
): Markup {
  const radius = size / 2 - 2 * NODE_RADIUS;
  const place = (index: number) => {
    const angle = (2 * Math.PI * index) / variables.length - Math.PI / 2;
    return { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) };
  };
  const line = (from: number, to: number, style: Markup) => {
    const [start, end] = [place(from), place(to)];
    const length = Math.hypot(end.x - start.x, end.y - start.y);
    const shift = (of: { x: number; y: number }, by: number) => [
      round(of.x + (by * (end.x - start.x)) / length),
      round(of.y + (by * (end.y - start.y)) / length),
    ];
    const [x1, y1] = shift(start, NODE_RADIUS + 2);
    const [x2, y2] = shift(end, -NODE_RADIUS - 4);
    return html`<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}></line>`;
  };
  const arrow = html`stroke="${palette.accent}" stroke-width="2.2" marker-end="url(#arrow)"`;
  const dashed = html`stroke="${palette.faint}" stroke-width="1.6" stroke-dasharray="5,4"`;
  const nodes = variables.map((name, index) => {
    const { x, y } = place(index);
    const stroke = cyclic.includes(index) ? palette.second : palette.ink;
    const short = name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}\u2026` : name;
    return html`<g><title>${name}</title><circle cx="${round(x)}" cy="${round(y)}" r="${NODE_RADIUS}" fill="white" stroke="${stroke}" stroke-width="1.6"></circle><text x="${round(x)}" y="${round(y + 4.5)}" text-anchor="middle">${short}</text></g>`;
  });
  return html`<svg role="img" aria-label="Causal graph of ${variables.length} variables" class="plot" fill="currentColor" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}" style="font-family: ${figureFont}; font-size: 13px; color: ${palette.ink}; background: none">
<defs><marker id="arrow" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L10,5L0,10Z" fill="${palette.accent}"></path></marker></defs>
${edges.map(({ cause, effect }) => line(cause, effect, arrow))}
${unexplained.map(({ first, second }) => line(first, second, dashed))}
${nodes}
</svg>`;
}

const round = (value: number): number => Math.round(100 * value) / 100;

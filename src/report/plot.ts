import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, Markup } from "./html.js";
import { figureFont, palette } from "./palette.js";

/**
 * Renders an Observable Plot to an SVG string outside a browser. Coordinates are rounded to a hundredth of a pixel.
 * The same options give the same string.
 *
 * @param label what the figure shows, for readers that do not see it.
 */
export function renderPlot(label: string, options: Plot.PlotOptions): Markup {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    ...options,
    marks: [...namedTicks("x", options.x), ...namedTicks("y", options.y), ...(options.marks ?? [])],
    className: "plot",
    document: document as unknown as Document,
    style: { fontFamily: figureFont, fontSize: "13px", color: palette.ink, background: "none" },
  });
  // The label goes in here and not through the document, which leaves < and & in attributes as they are.
  const opening = html`<svg role="img" aria-label="${label}" `.text;
  return new Markup(roundCoordinates(svg.outerHTML.replace("<svg ", () => opening)));
}

/**
 * The axis of a log scale whose ticks are given: made by itself it would leave out the names of some, such as 50 between 10 and
 * 1000.
 */
function namedTicks(which: "x" | "y", scale: Plot.ScaleOptions | undefined): Plot.Markish[] {
  const { type, ticks, tickFormat, label, labelArrow } = scale ?? {};
  if (type !== "log" || !Array.isArray(ticks) || typeof tickFormat !== "function") return [];
  const options = { text: (value: number) => tickFormat(value, 0), label, labelArrow };
  if (which === "y") return [Plot.axisY(ticks, options)];
  const { labelAnchor } = scale ?? {};
  return [Plot.axisX(ticks, { ...options, labelAnchor })];
}

/** A rendered plot as the text of an SVG file; on white, since who shows it may have a dark page. */
export function standaloneSvg({ text }: Markup): string {
  return text
    .replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace(/( xmlns="[^"]*")(.*?)\1/s, "$1$2")
    .replace("background: none", "background: white");
}

const geometry = /( (?:cx|cy|r|x|y|x1|x2|y1|y2|d|width|height|transform)=")([^"]*)"/g;

function roundCoordinates(svg: string): string {
  return svg.replace(geometry, (_, name: string, value: string) => {
    const rounded = value.replace(/-?\d+\.\d{3,}/g, (number) => String(Number(Number(number).toFixed(2))));
    return `${name}${rounded}"`;
  });
}

/** Ticks of a log axis: powers of ten, with 2 and 5 between them when there are few, and all digits when there are too few. */
export function logTicks(lowest: number, highest: number): number[] {
  const from = Math.floor(Math.log10(lowest));
  const to = Math.ceil(Math.log10(highest));
  const stride = Math.max(1, Math.ceil((to - from) / 8));
  const ticksAt = (steps: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = from; power <= to; power += stride) {
      for (const step of steps) ticks.push(Number(`${step}e${power}`));
    }
    return ticks.filter((tick) => tick >= lowest * 0.999 && tick <= highest * 1.001);
  };
  if (to - from > 2 && highest > 100 * lowest) return ticksAt([1]);
  const ticks = ticksAt([1, 2, 5]);
  return ticks.length > 1 ? ticks : ticksAt([1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

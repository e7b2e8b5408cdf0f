import { mostPoints, scatterFigure } from "../figures/scatter.js";
import { formatCount } from "../format.js";
import { type Content, html } from "../html.js";
import { figure, legendEntry } from "../page.js";
import { conditionColours, orderedColours } from "../palette.js";
import type { ReportInput, ScatterSection } from "../report-input.js";

/** The scatter plots side by side, with one legend. */
export function scatterSection(scatter: ScatterSection, input: ReportInput): Content {
  const classes = input.data.classes.map(({ name }) => name);
  const drawn = Math.min(scatter.labels.length, mostPoints);
  const total = Math.max(scatter.labels.length, input.data.samples);
  const which =
    drawn < total
      ? `${formatCount(drawn)} of the ${formatCount(total)} samples are shown, the same in each plot.`
      : `All ${formatCount(total)} samples are shown.`;
  const conditioned = classes.length > 1;
  return html`<p>Each point is one sample${conditioned && ", coloured by its condition"}. ${which}${
    conditioned &&
    ` In the latents, the clusters of a good fit
have their axes along the axes of the plot: inside a condition, latents are independent.`
  }</p>
${conditioned && html`<div class="legend">${conditionLegend(input.data.conditionName, classes, input.data.ordered)}</div>\n`}<div class="${rowClass(scatter.panels.length)}">
${scatter.panels.map((panel) =>
  figure(
    scatterFigure(panel, scatter.labels, classes, {
      size: panelSize(scatter.panels.length),
      ordered: input.data.ordered ?? false,
    }),
    undefined,
    {
      title: panel.title,
    },
  ),
)}</div>`;
}

/** The name of the condition and a dot for each of its classes. */
export function conditionLegend(conditionName: string, classes: readonly string[], ordered = false): Content {
  const colours = (ordered ? orderedColours : conditionColours)(classes.length);
  return [html`<em>${conditionName}</em>`, ...classes.map((name, k) => legendEntry(colours[k], name))];
}

/** Panels stand in threes where that leaves no gap, otherwise in pairs. */
export const rowClass = (panels: number): string =>
  panels % 3 === 0 ? "row three" : panels > 3 ? "row wide" : "row";

/** Plots that stand alone or in pairs are drawn larger, so that their text keeps its size on the page. */
export const panelSize = (panels: number): number => (panels % 3 === 0 ? 320 : 450);

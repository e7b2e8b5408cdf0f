import { correlationFigure, shownLatents } from "../figures/correlation-matrix.js";
import { scatterFigure } from "../figures/scatter.js";
import { formatFixed } from "../format.js";
import { type Content, html } from "../html.js";
import { figure, table } from "../page.js";
import type { ReportInput, TruthComparison } from "../report-input.js";
import { panelSize, rowClass } from "./scatter.js";

/** How the latents match the components that the data were made from. */
export function truthSection(truth: TruthComparison, input: ReportInput): Content {
  const names = truth.matrix.map((_, component) => truth.names?.[component] ?? `true ${component}`);
  const order = input.spectrum.map((entry) => entry.latent);
  const shown = shownLatents(truth.assignment, order).length;
  const kind = truth.kind === "pearson" ? "Pearson" : "Spearman rank";
  const classes = input.data.classes.map(({ name }) => name);
  const relations = truth.relations ?? [];
  return html`<p>The mean correlation coefficient (MCC) is ${formatFixed(truth.mcc)}: each true component is matched with one
latent so that the mean absolute ${kind} correlation of the pairs is as large as it can be. It is 1 when every true
component is found up to ${truth.kind === "pearson" ? "shift and scale" : "a monotone map"}.</p>
${table(
  [{ title: "true component" }, { title: "latent", number: true }, { title: "|correlation|", number: true }],
  truth.assignment.map((latent, component) => ({
    cells: [names[component], latent, formatFixed(truth.correlations[component])],
  })),
)}
${figure(
  correlationFigure(truth.matrix, truth.assignment, order, names),
  html`Absolute correlation of each true component (rows) with the latents (columns)${
    shown < order.length && `, of which the leading and the matched ones are shown`
  }. Matched pairs are outlined. Components are often correlated themselves, through the means of the conditions, and then
other cells are dark, too; a component that is split between latents shows as a row without any cell near 1.`,
)}
${
  input.scatter &&
  relations.length > 0 &&
  html`<div class="${rowClass(relations.length)}">
${relations.map((panel) =>
  figure(
    scatterFigure(panel, input.scatter?.labels ?? [], classes, {
      size: panelSize(relations.length),
      named: false,
      ordered: input.data.ordered ?? false,
    }),
    undefined,
    {
      title: panel.title,
    },
  ),
)}</div>
<figcaption>True components against the latents matched with them. A straight line is a perfect match; a line that bends or breaks
between conditions shows where the match fails.</figcaption>`
}`;
}

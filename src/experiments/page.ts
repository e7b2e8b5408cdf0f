import { formatDuration } from "../report/format.js";
import { html } from "../report/html.js";
import { figure, renderPage, table } from "../report/page.js";
import { agreement } from "./markdown.js";
import { dateOf, machinesOf, type Result, totalSeconds } from "./result.js";
import { seedsText } from "./seeds.js";

/** A result as one HTML page that needs no other file. */
export function resultPage(result: Result): string {
  const { experiment, conclusion, scale, seeds, trials, command } = result;
  const { source, says } = experiment;
  const { findings, figures, tables } = conclusion;
  const failed = trials.filter(({ failure }) => failure !== null).length;
  const { elapsed, processor } = totalSeconds(result);
  const agreeing = findings.filter(({ agrees }) => agrees).length;
  return renderPage({
    kicker: "unmix reproduction",
    title: experiment.title,
    lead: html`Seeds ${seedsText(seeds)}: ${conclusion.headline}.`,
    cards: [
      { label: "points that agree with the paper", value: `${agreeing} of ${findings.length}` },
      {
        label: "trials",
        value: String(trials.length),
        note: failed > 0 ? `${failed} failed` : "none failed",
      },
      { label: "seeds", value: String(seeds.length), note: "every one that ran" },
      {
        label: processor === null ? "time" : "processor time",
        value: formatDuration(processor ?? elapsed),
        note: scale === "quick" ? "quick trials, which prove nothing" : dateOf(result),
      },
    ],
    sections: [
      {
        id: "findings",
        title: "What the paper says, and what came out",
        content: html`<p>${says} (<a href="${source.url}">${source.citation}</a>; ${source.place}.)</p>
${table(
  [{ title: "the paper" }, { title: "here" }, { title: "agrees" }],
  findings.map(({ paper, ours, agrees }) => ({ cells: [paper, ours, agreement(agrees)] })),
)}`,
      },
      {
        id: "figures",
        title: "Figures",
        content: figures.map(({ title, caption, svg }) => figure(svg, caption, { title })),
      },
      {
        id: "tables",
        title: "Numbers",
        content: tables.map(
          ({ title, columns, rows }) => html`<figure class="scrolled">
<h3>${title}</h3>
${table(
  columns,
  rows.map((cells) => ({ cells })),
)}</figure>
`,
        ),
      },
      {
        id: "method",
        title: "How it was done",
        content: html`<p>${experiment.method}</p>
<pre>${command}</pre>
<ul>${machinesOf(result).map((machine) => html`<li>${machine}</li>`)}</ul>`,
      },
    ],
    footer: html`Written by unmix; the last trial ended on ${dateOf(result)}.`,
  });
}

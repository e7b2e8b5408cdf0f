import { formatCount, formatPlural } from "../format.js";
import { type Content, html } from "../html.js";
import { table } from "../page.js";
import type { ReportInput, Setting } from "../report-input.js";

/** What the model was fitted to, and what was done to it before. */
export function dataSection({ data, notes }: ReportInput): Content {
  const counts = data.classes.map((entry) => entry.count);
  const form = data.image
    ? `${data.image.height} \u00d7 ${data.image.width} pixels${
        data.image.channels > 1 ? ` in ${data.image.channels} channels` : ""
      }`
    : formatPlural(data.width, "feature");
  const rows = data.classes.map(({ name, count }) => ({
    cells: [name, formatCount(count), `${((100 * count) / Math.max(1, data.samples)).toFixed(1)} %`],
  }));
  const columns = [
    { title: data.conditionName },
    { title: "samples", number: true },
    { title: "share", number: true },
  ];
  return html`<p>${data.name}: ${formatPlural(data.samples, data.image ? "image" : "sample")} of ${form},
${data.heldOutSamples > 0 ? `${formatCount(data.heldOutSamples)} of them held out` : "none held out"}. ${
    data.points
      ? html`The condition \u201c${data.conditionName}\u201d is ${data.points}. Colours and the table below stand for
${formatPlural(data.classes.length, "cell")} of it, named after their middles.`
      : data.classes.length > 1
        ? html`The condition \u201c${data.conditionName}\u201d has ${formatPlural(data.classes.length, "class", "classes")} with
${countRange(counts)} samples each.`
        : "There is no condition: all samples count as one class."
  }</p>
${notes.length > 0 && html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${rows.length > 1 && html`<div${rows.length > 12 && html` class="columns"`}>${table(columns, rows)}</div>`}`;
}

/** What is needed to run it again: command, configuration, versions. */
export function reproductionSection(input: ReportInput): Content {
  const rows: readonly Setting[] = [
    { name: "unmix", value: input.version },
    { name: "seed", value: input.seed },
    { name: "finished", value: input.created },
    ...input.environment,
  ];
  return html`${input.command && html`<pre>${input.command}</pre>`}
<div class="row">
${settingsTable("Configuration", input.configuration)}
${settingsTable("Versions and environment", rows)}
</div>`;
}

function settingsTable(title: string, settings: readonly Setting[]): Content {
  if (settings.length === 0) return undefined;
  const cells = ({ name, value }: Setting): Content =>
    html`<tr><td>${name}</td><td>${String(value)}</td></tr>\n`;
  return html`<figure>
<h3>${title}</h3>
<table class="settings"><tbody>
${settings.map(cells)}</tbody></table>
</figure>`;
}

function countRange(counts: readonly number[]): string {
  const least = Math.min(...counts);
  const most = Math.max(...counts);
  return least === most ? formatCount(least) : `${formatCount(least)} to ${formatCount(most)}`;
}

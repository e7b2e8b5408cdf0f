import { LEADING, mostNamed } from "../figures/sorted-latents.js";
import { measureNames, spectrumFigure } from "../figures/spectrum.js";
import { formatCount, formatNumber, formatPlural } from "../format.js";
import { type Content, html } from "../html.js";
import { figure, legendEntry, table } from "../page.js";
import { palette } from "../palette.js";
import type { ReportInput } from "../report-input.js";
import { informationContent } from "./information.js";

/** The spectrum and the mutual information, why they are cut where they are, and the leading latents in numbers. */
export function latentsSection(input: ReportInput): Content {
  const { information } = input;
  return html`${spectrumContent(input)}
${information && informationContent(information, input)}
${latentTable(input)}`;
}

function spectrumContent(input: ReportInput): Content {
  const { spectrum, measure, informative, principal } = input;
  const other = measure === "sigma" ? "std" : "sigma";
  const truth = input.truth?.spectrum?.toSorted((a, b) => b - a);
  const options = { measure, informative: informative.count, truth, principal: principal?.deviations };
  const named = spectrum.length <= mostNamed;
  const form = named ? "dot" : "line";
  const legend = [
    informative.count > 0 && legendEntry(palette.accent, `${measureNames[measure]}, informative`, form),
    legendEntry(palette.rest, `${measureNames[measure]}${informative.count > 0 ? ", the rest" : ""}`, form),
    legendEntry(palette.second, measureNames[other], named ? "ring" : "dot"),
    principal && legendEntry(palette.principal, "principal components, over all data", "line"),
    truth && legendEntry(palette.truth, "true components", "line"),
  ];
  return html`${input.information && html`<h3>By spread</h3>\n`}<p>${informative.reason}</p>
${figure(
  spectrumFigure(spectrum, options),
  html`How much each latent varies, sorted, on a log scale. \u201cWithin conditions\u201d is the root mean square over
the conditions of the standard deviation inside each; \u201cover all data\u201d also counts the distances between the
conditions\u2019 means, so a latent that is much larger in the second measure tells the conditions apart by position. Latents
that carry the structure of the data are large; those that carry noise are small.${
    principal &&
    ` The dashed line is what a linear method makes of the same data: the standard deviations of its principal components, from ${formatPlural(principal.samples, "sample")}.`
  }${
    truth &&
    " Grey marks are the true components; only their number compares, since a latent may be any multiple of its component."
  }`,
  { legend },
)}
${
  !named &&
  figure(
    spectrumFigure(spectrum, { ...options, leading: LEADING }),
    `The first ${LEADING} latents of the figure above. The numbers below the axis are the latents\u2019 indices.`,
  )
}`;
}

/** Rows of the table by spread, and rows for what else mutual information selects. */
const MOST_ROWS = 15;

function latentTable({
  spectrum,
  withinSets,
  informative,
  truth,
  measure,
  information,
}: ReportInput): Content {
  const matched = (latent: number): Content => {
    const component = truth ? truth.assignment.indexOf(latent) : -1;
    return truth && component >= 0
      ? `${truth.names?.[component] ?? `true ${component}`} (${truth.correlations[component].toFixed(3)})`
      : "";
  };
  const leading = Math.min(MOST_ROWS, Math.max(10, informative.count));
  const telling = information?.selected.latents ?? [];
  const alsoShown = telling.slice(0, MOST_ROWS);
  const shown = spectrum
    .map((entry, rank) => ({ ...entry, rank }))
    .filter(({ latent, rank }) => rank < leading || alsoShown.includes(latent));
  const informationCell = (latent: number): Content => {
    const text = formatNumber(information?.scores.entries[latent].mi ?? 0);
    return telling.includes(latent) ? html`<b>${text}</b>` : text;
  };
  const columns = [
    { title: "rank", number: true },
    { title: "latent", number: true },
    { title: "within conditions", number: true },
    { title: "over all data", number: true },
    ...(withinSets ? [{ title: "within sets", number: true }] : []),
    ...(information ? [{ title: "mutual information", number: true }] : []),
    ...(truth ? [{ title: "matches (|correlation|)" }] : []),
  ];
  const rows = shown.map(({ latent, sigma, std, rank }) => ({
    cells: [
      rank + 1,
      latent,
      formatNumber(sigma),
      formatNumber(std),
      ...(withinSets ? [formatNumber(withinSets[latent])] : []),
      ...(information ? [informationCell(latent)] : []),
      ...(truth ? [matched(latent)] : []),
    ],
    strong: rank < informative.count,
  }));
  const which =
    shown.length < spectrum.length
      ? `The leading ${shown.length} of ${formatCount(spectrum.length)} latents`
      : "All latents";
  return html`<figure>
<h3>${which}, sorted by standard deviation ${measureNames[measure]}</h3>
${table(columns, rows)}<figcaption>Latents are numbered from 0, as the columns of encoded files are. Standard deviations are in the units of
the latent${withinSets && "; within sets is the spread among a sample and its augmented copies"}${information && ", mutual information is in nats, in bold where it selects the latent"}.</figcaption>
</figure>`;
}

import type { Calibration } from "../analysis/classification.js";
import { byCountFigure, type CountCurve } from "./figures/by-count.js";
import { calibrationFigure } from "./figures/calibration.js";
import { confusionFigure } from "./figures/confusion.js";
import { formatCount, formatFixed, formatPlural } from "./format.js";
import { type Content, html } from "./html.js";
import { figure, legendEntry, renderPage, type Section, table } from "./page.js";
import { percent, type Use, usedText, useFooter, useSection } from "./use.js";

/** A classification of labelled data, as plain data. */
export interface ClassificationReport {
  readonly use: Use;
  readonly accuracy: number;
  /** Nats. */
  readonly logLoss: number;
  readonly calibration: Calibration;
  /** Shape [classes][classes], true classes in rows. */
  readonly confusion: readonly (readonly number[])[];
  /** Accuracy by the number of latents, one curve for each way to rank them; the first is the one in use. */
  readonly curves: readonly CountCurve[];
}

/** A classification as one HTML page; see `renderReport`. */
export function renderClassification(input: ClassificationReport): string {
  const { use, accuracy, logLoss, calibration } = input;
  return renderPage({
    kicker: "unmix classification",
    title: `${use.model} on ${use.data}`,
    lead: html`${formatPlural(use.samples, use.image ? "image" : "sample")} classified by Bayes\u2019 rule on ${usedText(use)} of a
model fitted to ${use.fittedTo}: p(u|x) in proportion to p(w|u) p(u). ${percent(accuracy)} are right.`,
    cards: [
      { label: "accuracy", value: percent(accuracy, 2), note: `${formatCount(use.samples)} samples` },
      {
        label: "latents in use",
        value: `${use.used.latents.length} of ${formatCount(use.used.total)}`,
        note: use.used.asked,
      },
      { label: "log loss", value: formatFixed(logLoss), note: "nats, lower is better" },
      {
        label: "calibration error",
        value: percent(calibration.error),
        note: `expected, ${calibration.bins.length} bins of equal width`,
      },
    ],
    sections: [
      { id: "latents", title: "Accuracy by the number of latents", content: curvesSection(input) },
      { id: "confusion", title: "Confusions", content: confusionSection(input) },
      { id: "calibration", title: "Calibration", content: calibrationSection(input) },
      useSection(use),
    ] satisfies Section[],
    footer: useFooter(use),
  });
}

function curvesSection({ use, curves }: ClassificationReport): Content {
  const best = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => Math.max(a, b), 0);
  const at = use.used.latents.length;
  return html`${figure(
    byCountFigure(curves, {
      description: "Accuracy by the number of latents",
      label: "accuracy",
      mark: at > 0 ? { count: at, text: `${formatCount(at)} in use` } : undefined,
    }),
    html`Accuracy on these data when the classifier looks at the first latents alone, in each ranking. Latents that say
little about the condition can still do harm: where their density within a class is not the Gaussian that the model takes it
for, many of them together outvote the few that know.`,
    { legend: curves.map(({ name, colour }) => legendEntry(colour, name, "line")) },
  )}
${table(
  [
    { title: "ranked by" },
    { title: `accuracy with ${formatCount(at)}`, number: true },
    { title: "best on these data", number: true },
    { title: "with", number: true },
    { title: "with all", number: true },
  ],
  curves.map(({ name, values }, k) => ({
    cells: [
      name,
      percent(values[at - 1] ?? null, 2),
      percent(best(values), 2),
      formatCount(Array.from(values).indexOf(best(values)) + 1),
      percent(values[values.length - 1], 2),
    ],
    strong: k === 0,
  })),
)}`;
}

/** Classes in the table of the most frequent confusions. */
const MOST_CONFUSIONS = 8;

function confusionSection({ use, confusion }: ClassificationReport): Content {
  const totals = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
  const pairs = confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CONFUSIONS);
  const classTable = table(
    [
      { title: use.conditionName },
      { title: "samples", number: true },
      { title: "found", number: true },
      { title: "right when predicted", number: true },
    ],
    use.classes.map((name, u) => {
      const predicted = confusion.reduce((sum, row) => sum + row[u], 0);
      return {
        cells: [
          name,
          formatCount(totals[u]),
          percent(confusion[u][u] / totals[u]),
          percent(confusion[u][u] / predicted),
        ],
      };
    }),
  );
  return html`<div class="row wide">
${figure(
  confusionFigure(confusion, use.classes),
  html`Rows are true classes, columns predicted ones; cells count samples, and colours are shares of the row, on a root scale
so that rare confusions show.`,
)}
<figure><h3>By class</h3>
<div${use.classes.length > 24 && html` class="columns"`}>${classTable}</div>
${
  pairs.length > 0 &&
  html`<figcaption>Most frequent confusions: ${pairs
    .map(
      ({ truth, predicted, count }) =>
        `${use.classes[truth]} taken for ${use.classes[predicted]} (${formatCount(count)})`,
    )
    .join(", ")}.</figcaption>`
}</figure>
</div>`;
}

function calibrationSection({ calibration }: ClassificationReport): Content {
  const rows = calibration.bins
    .filter(({ count }) => count > 0)
    .map((bin) => ({
      cells: [
        `${Math.round(100 * bin.lower)} to ${Math.round(100 * bin.upper)} %`,
        formatCount(bin.count),
        percent(bin.confidence),
        percent(bin.accuracy),
      ],
    }));
  const filled = calibration.bins.filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const gap = filled.reduce((sum, bin) => sum + bin.count * (bin.confidence - bin.accuracy), 0) / total;
  const verdict =
    Math.abs(gap) < 0.01
      ? "Confidence and accuracy agree within one percent on average."
      : gap > 0
        ? `The classifier is too sure of itself, by ${percent(gap)} on average.`
        : `The classifier is surer than it says, by ${percent(-gap)} on average.`;
  return html`<p>The confidence of a prediction is the posterior of the predicted class. ${verdict}
The expected calibration error, the mean distance between the two over the samples of each bin, is
${percent(calibration.error)}.</p>
<div class="row wide">
${figure(
  calibrationFigure(calibration.bins),
  html`Right predictions against mean confidence in ${calibration.bins.length} bins of equal width; points are as large as
their bins are full, and the grey line is perfect calibration.`,
)}
<figure><h3>By confidence</h3>
${table(
  [
    { title: "confidence" },
    { title: "samples", number: true },
    { title: "mean confidence", number: true },
    { title: "right", number: true },
  ],
  rows,
)}</figure>
</div>`;
}

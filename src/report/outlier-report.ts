import { histogramFigure } from "./figures/histogram.js";
import { rocFigure } from "./figures/roc.js";
import { formatCount, formatFixed, formatNumber, formatPlural } from "./format.js";
import { type Content, html } from "./html.js";
import { imageGrid, renderGrid } from "./image-grid.js";
import { type Card, figure, legendEntry, renderPage, type Section, table } from "./page.js";
import { palette } from "./palette.js";
import { percent, type Use, usedText, useFooter, useSection } from "./use.js";

/** Outlier scores of data, beside those of known outliers or of reference data, as plain data. */
export interface OutlierReport {
  readonly use: Use;
  /** How densities of classes become one, in words. */
  readonly density: string;
  /** Scores of the data, in nats; the higher, the stranger. Shape [samples]. */
  readonly scores: Float64Array;
  readonly falseAlarmRate: number;
  /** Samples with higher scores are called outliers. */
  readonly threshold: number;
  /** Known outliers, where there are any. */
  readonly against?: {
    readonly name: string;
    readonly scores: Float64Array;
    readonly auroc: number;
    readonly roc: readonly { readonly falseAlarmRate: number; readonly detectionRate: number }[];
    /** At false-alarm rates of a few percent. */
    readonly detection: readonly { readonly falseAlarmRate: number; readonly detectionRate: number }[];
  };
  /** The samples of the data with the highest scores, the highest first. */
  readonly strangest: {
    /** Positions in the data, from 0. */
    readonly rows: readonly number[];
    /** Of image data, shape [rows][pixels]. */
    readonly images?: Float32Array;
  };
  /** What the threshold was set on, where it was not the data themselves. */
  readonly reference?: { readonly name: string; readonly scores: Float64Array };
}

/** Outliers as one HTML page; see `renderReport`. */
export function renderOutliers(input: OutlierReport): string {
  const { use, against } = input;
  return renderPage({
    kicker: "unmix outliers",
    title: against ? `${use.data} against ${against.name}` : `Outliers in ${use.data}`,
    lead: lead(input),
    cards: cards(input),
    sections: [
      { id: "scores", title: against ? "ROC curve and scores" : "Scores", content: scoresSection(input) },
      { id: "strangest", title: "The strangest samples", content: strangestSection(input) },
      useSection(use),
    ] satisfies Section[],
    footer: useFooter(use),
  });
}

function lead({ use, density, against, reference }: OutlierReport): Content {
  const opening = html`The score of a sample is minus the log of ${density} over ${usedText(use)} of a ${use.model} model
fitted to ${use.fittedTo}: the higher, the stranger.`;
  if (against) {
    return html`${opening} ${formatPlural(use.samples, "sample")} of ${use.data} count as normal,
${formatPlural(against.scores.length, "sample")} of ${against.name} as outliers.`;
  }
  return html`${opening} The threshold was set on ${reference?.name ?? use.data}.`;
}

function cards({ use, scores, against, threshold, falseAlarmRate, reference }: OutlierReport): Card[] {
  const above = scores.reduce((count, score) => count + (score > threshold ? 1 : 0), 0);
  const latents = {
    label: "latents in use",
    value: `${use.used.latents.length} of ${formatCount(use.used.total)}`,
    note: use.used.asked,
  };
  if (against) {
    return [
      { label: "AUROC", value: formatFixed(against.auroc), note: "1 is perfect, 0.5 a guess" },
      ...against.detection.slice(0, 2).map((point) => ({
        label: `detected at ${percent(point.falseAlarmRate, 0)} false alarms`,
        value: percent(point.detectionRate),
      })),
      latents,
    ];
  }
  return [
    {
      label: "outliers",
      value: formatCount(above),
      note: `${percent(above / scores.length, 2)} of ${formatCount(scores.length)} samples`,
    },
    { label: "threshold", value: formatNumber(threshold), note: "nats" },
    {
      label: "false alarms allowed",
      value: percent(falseAlarmRate),
      note: reference ? `of ${reference.name}` : undefined,
    },
    latents,
  ];
}

function scoresSection(input: OutlierReport): Content {
  const { use, scores, against, reference, threshold } = input;
  const normal = { name: use.data, colour: palette.accent, values: scores };
  const strange = { name: against?.name ?? "", colour: palette.second, values: against?.scores ?? [] };
  const known = { name: reference?.name ?? "", colour: palette.rest, values: reference?.scores ?? [] };
  const series = against ? [normal, strange] : reference ? [known, normal] : [normal];
  const size = against ? undefined : { width: 920, height: 340 };
  const { svg, beyond } = histogramFigure(series, { label: "score (nats)", threshold, ...size });
  const far = series
    .map(({ name }, k) => ({ name, share: beyond[k] }))
    .filter(({ share }) => share > 0)
    .map(({ name, share }) => `${percent(share)} of ${name}`);
  const histogram = figure(
    svg,
    html`Scores, by share of each set.${far.length > 0 && ` Beyond the right end lie ${far.join(" and ")}.`}
${
  against
    ? "The threshold lets the false alarms allowed through."
    : "Samples to the right of the threshold are called outliers."
}`,
    {
      title: against && "Scores",
      legend: series.map(({ name, colour }) => legendEntry(colour, name)),
    },
  );
  if (!against) return histogram;
  return html`<div class="row wide">
${figure(
  rocFigure([{ name: against.name, colour: palette.accent, points: against.roc }]),
  html`Every threshold is a point: to the right the share of ${use.data} called outliers, upwards the share of ${against.name}.
The area below is the probability that an outlier scores higher than a normal sample.`,
  { title: "ROC curve" },
)}
${histogram}
</div>
${table(
  [
    { title: "false alarms", number: true },
    { title: "detected", number: true },
  ],
  against.detection.map((point) => ({
    cells: [percent(point.falseAlarmRate), percent(point.detectionRate)],
  })),
)}`;
}

/** The samples of the data with the highest scores: pictures where they are images, a table where they are not. */
function strangestSection({ use, scores, threshold, strangest }: OutlierReport): Content {
  const { rows, images } = strangest;
  const where = `the samples of ${use.data} with the highest scores, numbered from 0 in the order of the data`;
  if (use.image && images) {
    const columns = Math.min(rows.length, 10);
    const strips = Array.from({ length: Math.ceil(rows.length / columns) }, (_, k) => {
      const own = rows.slice(k * columns, (k + 1) * columns);
      const size = images.length / rows.length;
      const pixels = images.subarray(k * columns * size, (k * columns + own.length) * size);
      return renderGrid(imageGrid(pixels, use.image as NonNullable<Use["image"]>, 1, own.length), {
        description: "The strangest images",
        rows: [""],
        columns: own.map(String),
      });
    });
    return figure(strips, html`From left to right and down: ${where}.`);
  }
  return html`<p>First ${where}.</p>
${table(
  [
    { title: "sample", number: true },
    { title: "score (nats)", number: true },
  ],
  rows.map((row) => ({
    cells: [formatCount(row), formatNumber(scores[row])],
    strong: scores[row] > threshold,
  })),
)}`;
}

import { formatDuration } from "./format.js";
import { html } from "./html.js";
import { renderPage, type Section } from "./page.js";
import type { ReportInput } from "./report-input.js";
import { curvesSection } from "./sections/curves.js";
import { dataSection, reproductionSection } from "./sections/data.js";
import { picturesSection, traversalsSection } from "./sections/images.js";
import { latentsSection } from "./sections/latents.js";
import { cards, lead } from "./sections/overview.js";
import { scatterSection } from "./sections/scatter.js";
import { trainingSection } from "./sections/training.js";
import { truthSection } from "./sections/truth.js";

/**
 * A run as one HTML page: key figures, spectrum, scatter plots, comparison with the truth, pictures, training, data,
 * and how to repeat it. Needs no other file and no network; every text of the input is escaped. The same input gives
 * the same page.
 *
 * @throws InputError when arrays do not have the shapes that `ReportInput` states.
 */
export function renderReport(input: ReportInput): string {
  const { scatter, truth, images, curves } = input;
  const pictured = images && (images.samples.length > 0 || images.styleTransfer || images.reconstructions);
  const sections: (Section | undefined | false)[] = [
    { id: "latents", title: "Informative latents", content: latentsSection(input) },
    curves && {
      id: "curves",
      title: `Latents by ${curves.conditionName}`,
      content: curvesSection(curves),
    },
    scatter && { id: "scatter", title: "Data and latents", content: scatterSection(scatter, input) },
    truth && { id: "truth", title: "Comparison with the truth", content: truthSection(truth, input) },
    images !== undefined &&
      images.traversals.length > 0 && {
        id: "traversals",
        title: "What the latents do",
        content: traversalsSection(images, input),
      },
    images !== undefined &&
      pictured !== undefined &&
      pictured && { id: "pictures", title: "Samples and styles", content: picturesSection(images, input) },
    { id: "training", title: "Training", content: trainingSection(input) },
    { id: "data", title: "Data", content: dataSection(input) },
    { id: "run", title: "How to repeat this run", content: reproductionSection(input) },
  ];
  return renderPage({
    kicker: "unmix report",
    title: input.title,
    lead: lead(input),
    cards: cards(input),
    sections: sections.filter((section) => section !== undefined && section !== false),
    footer: html`Made by unmix ${input.version} on ${input.created}; ${
      input.history.length > 0 || input.solved
        ? `the fit took ${formatDuration(input.seconds)}`
        : "no training"
    }.`,
  });
}

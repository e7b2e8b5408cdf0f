import { likelihoodFigure } from "../figures/likelihood.js";
import { formatCount, formatDuration, formatFixed, formatRate } from "../format.js";
import { type Content, html } from "../html.js";
import { figure, legendEntry, table } from "../page.js";
import { palette } from "../palette.js";
import type { ReportInput, RestartRecord, SolvedFit } from "../report-input.js";

/** Likelihood by epoch, and the restarts where there were several. */
export function trainingSection(input: ReportInput): Content {
  const { history, restarts, solved, fitMeasure } = input;
  if (solved) return solvedText(solved);
  if (history.length === 0) {
    return html`<p>The model is untrained: it has its initial weights, and all figures describe those.</p>`;
  }
  const { svg, omitted, heldOut, ratesMarked } = likelihoodFigure(history, fitMeasure);
  const drops = ratesMarked && " Dashed lines mark where the learning rate changes.";
  const fit = heldOut
    ? " A training curve that climbs while the held-out curve falls would mean overfitting."
    : " No samples were held out, so overfitting would not show here.";
  return html`${figure(
    svg,
    html`Mean ${fitMeasure ?? "log-likelihood per dimension of the data under the model, in nats"}; higher is better. ${
      input.trainingNoise
        ? "Training is measured with the noise that is added while training, held-out without, so that it can lie above."
        : "Training is the mean over each epoch, while the weights change, held-out is measured after it, so that it can lie above."
    }${fit}${drops}
${omitted}`,
    {
      legend: [
        legendEntry(palette.accent, "training", "line"),
        heldOut && legendEntry(palette.second, "held-out", "line"),
      ],
    },
  )}
${epochTable(input)}
${restarts && restarts.length > 1 && restartTable(restarts)}`;
}

/** How a fit without epochs went. */
function solvedText({ course, trainLogLikelihood, heldOutLogLikelihood }: SolvedFit): Content {
  const likelihood =
    trainLogLikelihood === null
      ? "The model gives the data no density, and so no likelihood."
      : html`Mean log-likelihood per dimension of the data under the model, in nats: training
${formatFixed(trainLogLikelihood)}, ${
          heldOutLogLikelihood === null
            ? "nothing held out"
            : html`held-out ${formatFixed(heldOutLogLikelihood)}`
        }.`;
  return html`<p>Fitted without epochs, ${course}. ${likelihood}</p>`;
}

/** The first and last epoch, and those around each change of the learning rate. */
function epochTable({ history }: ReportInput): Content {
  const last = history.length - 1;
  const changes = history.flatMap((record, k) =>
    k > 0 && record.learningRate !== history[k - 1].learningRate ? [k - 1, k] : [],
  );
  const picked =
    history.length <= 10
      ? history
      : [...new Set([0, ...(changes.length <= 8 ? changes : []), last])].map((k) => history[k]);
  const columns = ["epoch", "learning rate", "training", "held-out", "seconds"];
  return html`<figure>
<h3>${history.length <= 10 ? "All epochs" : "Epochs at which something changes"}</h3>
${table(
  columns.map((title) => ({ title, number: true })),
  picked.map((record) => ({
    cells: [
      formatCount(record.epoch),
      formatRate(record.learningRate),
      formatFixed(record.trainLogLikelihood),
      formatFixed(record.heldOutLogLikelihood),
      record.seconds.toFixed(record.seconds < 10 ? 2 : 0),
    ],
  })),
)}</figure>`;
}

function restartTable(restarts: readonly RestartRecord[]): Content {
  const noted = restarts.some((restart) => restart.note);
  return html`<figure>
<h3>Restarts</h3>
${table(
  [
    { title: "run", number: true },
    { title: "seed", number: true },
    { title: "epochs", number: true },
    { title: "held-out log-likelihood", number: true },
    { title: "time", number: true },
    ...(noted ? [{ title: "note" }] : []),
  ],
  restarts.map((restart, k) => ({
    cells: [
      k + 1,
      String(restart.seed),
      restart.epochs,
      formatFixed(restart.heldOutLogLikelihood),
      formatDuration(restart.seconds),
      ...(noted ? [restart.note] : []),
    ],
    strong: restart.chosen,
  })),
)}<figcaption>Runs from different initial weights. The highlighted one was kept: its held-out log-likelihood is the
highest.</figcaption>
</figure>`;
}

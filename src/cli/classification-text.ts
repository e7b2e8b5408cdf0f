import type { Calibration, Posterior } from "../analysis/index.js";
import { count } from "../data/wording.js";
import type { ModelClassifier } from "./model-classifier.js";
import { finiteOrNull, percentText, selectedJson, usedLatentsText } from "./use-report.js";

/** What labels tell of a classification. */
export interface ClassificationScore {
  readonly accuracy: number;
  /** Nats. */
  readonly logLoss: number;
  readonly calibration: Calibration;
  /** Shape [classes][classes], true classes in rows. */
  readonly confusion: readonly (readonly number[])[];
  /** Accuracy with the first 1, 2, ... latents. */
  readonly byCount: Float64Array;
}

/** A classification, and where it was written. */
export interface Classification {
  readonly data: string;
  readonly bayes: ModelClassifier;
  readonly posterior: Posterior;
  /** Undefined for data without labels. */
  readonly score: ClassificationScore | undefined;
  readonly out: string | undefined;
  readonly report: string | undefined;
}

/** What `classify --json` prints. */
export function classificationDocument({ data, bayes, posterior, score, out, report }: Classification) {
  return {
    data,
    samples: posterior.predicted.length,
    classes: bayes.classifier.gaussian.classes,
    latents: selectedJson(bayes),
    classPrior: bayes.prior,
    predicted: predictedCounts(posterior, bayes),
    accuracy: score?.accuracy ?? null,
    logLoss: score ? finiteOrNull(score.logLoss) : null,
    calibration: score ? calibrationJson(score.calibration) : null,
    confusion: score?.confusion ?? null,
    order: bayes.ranked.order,
    accuracyByCount: score ? Array.from(score.byCount) : null,
    out: out ?? null,
    report: report ?? null,
  };
}

const calibrationJson = ({ error, bins }: Calibration) => ({
  error,
  bins: bins.map((bin) => ({
    ...bin,
    confidence: finiteOrNull(bin.confidence),
    accuracy: finiteOrNull(bin.accuracy),
  })),
});

/** Classes whose confusions are printed, and whose counts are. */
const MOST_CONFUSIONS = 15;
const MOST_COUNTS = 20;

/** The same for reading. */
export function classificationText({ data, bayes, posterior, score, out, report }: Classification): string {
  const { classes } = bayes.classifier.gaussian;
  const samples = count(posterior.predicted.length, "sample");
  const lines = [
    `${data}: ${samples} classified on ${usedLatentsText(bayes)}, ${bayes.prior}`,
    bayes.used.reason,
    ...(score ? scoreLines(score) : [predictedText(posterior, bayes)]),
  ];
  if (score && classes.length <= MOST_CONFUSIONS) lines.push("", confusionText(score.confusion, classes), "");
  if (out !== undefined) lines.push(`${out}: p(u|x) of every sample`);
  if (report !== undefined) lines.push(`Report: ${report}`);
  return lines.join("\n").trimEnd();
}

function scoreLines({ accuracy, logLoss, calibration, byCount }: ClassificationScore): string[] {
  const best = byCount.indexOf(byCount.reduce((a, b) => Math.max(a, b), 0));
  return [
    `Accuracy ${percentText(accuracy)}, log loss ${logLoss.toFixed(4)} nats, ` +
      `expected calibration error ${percentText(calibration.error)} (${count(calibration.bins.length, "bin")})`,
    `With other numbers of latents in this order: at best ${percentText(byCount[best])} with ${best + 1}, ` +
      `${percentText(byCount[byCount.length - 1])} with all`,
  ];
}

function predictedCounts({ predicted }: Posterior, { classifier }: ModelClassifier): number[] {
  const counts = classifier.gaussian.classes.map(() => 0);
  for (const label of predicted) counts[label]++;
  return counts;
}

function predictedText(posterior: Posterior, bayes: ModelClassifier): string {
  const { classes } = bayes.classifier.gaussian;
  const counts = predictedCounts(posterior, bayes);
  const shown = classes
    .slice(0, MOST_COUNTS)
    .map((name, u) => `${name} (${counts[u].toLocaleString("en-US")})`);
  return `Predicted: ${shown.join(", ")}${classes.length > MOST_COUNTS ? ", ..." : ""}`;
}

function confusionText(confusion: readonly (readonly number[])[], classes: readonly string[]): string {
  const cells = confusion.map((row) => row.map((value) => (value === 0 ? "." : String(value))));
  const short = classes.map((name) => (name.length > 8 ? `${name.slice(0, 7)}…` : name));
  const width = Math.max(...[...short, ...cells.flat()].map((cell) => cell.length)) + 2;
  const line = (head: string, row: readonly string[]) =>
    `${head.padStart(width)} ${row.map((cell) => cell.padStart(width)).join("")}`;
  return [
    "Confusions: true classes in rows, predicted ones in columns",
    line("", short),
    ...cells.map((row, u) => line(short[u], row)),
  ].join("\n");
}

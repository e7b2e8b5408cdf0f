import type { Density, RocPoint } from "../analysis/index.js";
import { count } from "../data/wording.js";
import type { ModelClassifier } from "./model-classifier.js";
import type { ComparedOutliers } from "./outlier-scores.js";
import { percentText, selectedJson, usedLatentsText } from "./use-report.js";

/** Outlier scores, what they tell, and where they were written. */
export interface ScoredOutliers {
  readonly data: string;
  readonly bayes: ModelClassifier;
  readonly density: Density;
  readonly scores: Float64Array;
  readonly falseAlarmRate: number;
  readonly threshold: number;
  /** Positions of the samples with the highest scores, the highest first. */
  readonly strangest: readonly number[];
  /** What the threshold was set on. */
  readonly thresholdFrom: string;
  readonly against: ComparedOutliers | undefined;
  readonly out: string | undefined;
  readonly report: string | undefined;
}

const above = (scores: Float64Array, threshold: number): number =>
  scores.reduce((sum, score) => sum + (score > threshold ? 1 : 0), 0);

/** What `outliers --json` prints. */
export function outlierDocument(done: ScoredOutliers) {
  const { data, bayes, density, scores, falseAlarmRate, threshold, thresholdFrom, against, out, report } =
    done;
  const strangest = done.strangest.map((row) => ({ row, score: scores[row] }));
  return {
    data,
    samples: scores.length,
    latents: selectedJson(bayes),
    classPrior: bayes.prior,
    density,
    falseAlarmRate,
    threshold,
    thresholdFrom,
    outliers: above(scores, threshold),
    strangest,
    against: against
      ? {
          data: against.name,
          samples: against.scores.length,
          auroc: against.auroc,
          detection: against.detection,
          roc: thinned(against.roc),
          scores: Array.from(against.scores),
        }
      : null,
    scores: Array.from(scores),
    out: out ?? null,
    report: report ?? null,
  };
}

/** The first point of a curve, the last, and points that are at least a five-hundredth apart. */
function thinned(roc: readonly RocPoint[]) {
  const kept: RocPoint[] = [];
  for (const [k, point] of roc.entries()) {
    const last = kept[kept.length - 1] ?? { falseAlarmRate: -1, detectionRate: -1 };
    const step = Math.max(
      point.falseAlarmRate - last.falseAlarmRate,
      point.detectionRate - last.detectionRate,
    );
    if (step >= 0.002 || k === roc.length - 1) kept.push(point);
  }
  return kept.map(({ threshold, ...rates }) => ({
    threshold: Number.isFinite(threshold) ? threshold : null,
    ...rates,
  }));
}

/** The same for reading. */
export function outlierText(done: ScoredOutliers): string {
  const { data, bayes, density, scores, falseAlarmRate, threshold, thresholdFrom, against, out, report } =
    done;
  const which = density === "sum" ? "summed" : "largest";
  const samples = count(scores.length, "sample");
  const lines = [
    `${data}: ${samples} scored by the ${which} density of ${usedLatentsText(bayes)}, ${bayes.prior}`,
    bayes.used.reason,
  ];
  if (against) {
    const detected = against.detection
      .map((at) => `${percentText(at.detectionRate)} at ${percentText(at.falseAlarmRate)}`)
      .join(", ");
    lines.push(
      `Against ${against.name} (${count(against.scores.length, "sample")}): AUROC ${against.auroc.toFixed(4)}`,
      `Outliers detected at false-alarm rates: ${detected}`,
    );
  } else {
    const found = above(scores, threshold);
    lines.push(
      `Threshold ${threshold.toFixed(4)} nats: at most ${percentText(falseAlarmRate)} false alarms on ${thresholdFrom}`,
      `Outliers: ${found.toLocaleString("en-US")} of ${samples} (${percentText(found / scores.length)})`,
    );
  }
  const leading = done.strangest.slice(0, 5).map((row) => `${row} (${scores[row].toFixed(2)})`);
  lines.push(`Strangest samples of ${data}, numbered from 0: ${leading.join(", ")}`);
  if (out !== undefined) lines.push(`${out}: the score of every sample`);
  if (report !== undefined) lines.push(`Report: ${report}`);
  return lines.join("\n");
}

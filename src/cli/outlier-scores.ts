import { auroc, type RocPoint, rocCurve } from "../analysis/index.js";
import { writeArray, writeDataset } from "../data/write.js";

/** False-alarm rates at which the share of detected outliers is stated. */
const STATED_RATES = [0.01, 0.05, 0.1];
/** Samples that are named as the strangest. */
const MOST_STRANGE = 20;

/** How known outliers are told from the data. */
export interface ComparedOutliers {
  readonly name: string;
  readonly scores: Float64Array;
  readonly auroc: number;
  readonly roc: readonly RocPoint[];
  /** At a few false-alarm rates. */
  readonly detection: readonly { readonly falseAlarmRate: number; readonly detectionRate: number }[];
}

/** Compares the scores of outliers with those of normal samples. */
export function compareScores(name: string, normal: Float64Array, scores: Float64Array): ComparedOutliers {
  const roc = rocCurve(normal, scores);
  const detectedAt = (rate: number): number =>
    roc.reduce((most, at) => (at.falseAlarmRate <= rate ? Math.max(most, at.detectionRate) : most), 0);
  const detection = STATED_RATES.map((rate) => ({ falseAlarmRate: rate, detectionRate: detectedAt(rate) }));
  return { name, scores, auroc: auroc(normal, scores), roc, detection };
}

/** The positions of the highest scores, the highest first. */
export function strangestOf(scores: Float64Array): number[] {
  const order = Array.from(scores, (_, row) => row).sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, MOST_STRANGE);
}

/** Writes a row for each sample, the outliers' last: the score, and whether it exceeds the threshold. */
export async function writeScores(
  path: string,
  scores: Float64Array,
  others: Float64Array | undefined,
  threshold: number,
): Promise<void> {
  const all = [...scores, ...(others ?? [])];
  const samples = all.length;
  if (path.toLowerCase().endsWith(".npy")) {
    return writeArray(path, { data: Float32Array.from(all), shape: [samples, 1] });
  }
  const verdicts = Int32Array.from(all, (score) => (score > threshold ? 1 : 0));
  if (others === undefined) {
    const condition = { name: "outlier", classes: ["0", "1"], labels: verdicts };
    const features = Float32Array.from(all);
    return writeDataset(path, {
      name: path,
      features,
      samples,
      width: 1,
      featureNames: ["score"],
      condition,
    });
  }
  const sets = Int32Array.from(all, (_, n) => (n < scores.length ? 0 : 1));
  const condition = { name: "set", classes: ["data", "against"], labels: sets };
  const features = Float32Array.from({ length: 2 * samples }, (_, k) =>
    k % 2 === 0 ? all[k >> 1] : verdicts[k >> 1],
  );
  const featureNames = ["score", "outlier"];
  await writeDataset(path, { name: path, features, samples, width: 2, featureNames, condition });
}

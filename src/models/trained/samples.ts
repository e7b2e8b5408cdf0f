import { sharedFloat32 } from "../../data/dataset.js";
import { selectConditions } from "../condition-rows.js";
import type { LabelledSamples } from "../labelled-samples.js";

/** Samples whose statistics stand for all of them at the start and while training with empirical statistics. */
export const STATISTICS_SAMPLES = 10_000;

/** At most `count` samples, evenly spread: files are often sorted by class. */
export function everyNth(samples: LabelledSamples, size: number, count: number): LabelledSamples {
  const total = samples.labels.length;
  if (total <= count) return samples;
  const data = sharedFloat32(count * size);
  const labels = new Int32Array(count);
  const chosen = Int32Array.from({ length: count }, (_, i) => Math.floor((i * total) / count));
  chosen.forEach((sample, i) => {
    data.set(samples.data.subarray(sample * size, (sample + 1) * size), i * size);
    labels[i] = samples.labels[sample];
  });
  const { conditions } = samples;
  return { data, labels, ...(conditions && { conditions: selectConditions(conditions, chosen) }) };
}

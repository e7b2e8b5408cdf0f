import { sharedFloat32 } from "../../data/dataset.js";
import type { LabelledSamples } from "../labelled-samples.js";

/** Samples whose statistics stand for all of them at the start and while training with empirical statistics. */
export const STATISTICS_SAMPLES = 10_000;

/** At most `count` samples, evenly spread: files are often sorted by class. */
export function everyNth(samples: LabelledSamples, size: number, count: number): LabelledSamples {
  const total = samples.labels.length;
  if (total <= count) return samples;
  const data = sharedFloat32(count * size);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const sample = Math.floor((i * total) / count);
    data.set(samples.data.subarray(sample * size, (sample + 1) * size), i * size);
    labels[i] = samples.labels[sample];
  }
  return { data, labels };
}

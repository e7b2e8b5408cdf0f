import { inMemory, type TrainingSamples } from "../nn/epoch-order.js";
import type { LabelledSamples } from "./labelled-samples.js";

/** Training samples, preprocessed, and where those of the open window lie in memory. */
export interface SampleSource extends TrainingSamples {
  /** The samples of the open window, and perhaps room for more. */
  readonly window: LabelledSamples;
  /** Whether the window holds the same samples from beginning to end. */
  readonly isConstant: boolean;
  /** Says that no more will be read. */
  close(): void;
}

/** Samples that are all in memory. */
export function memorySource(samples: LabelledSamples): SampleSource {
  return { ...inMemory(samples.labels.length), window: samples, isConstant: true, close() {} };
}

import type { DenseSteps } from "./requests.js";

/** How the time of a step grows with one quantity, all else as in the 10-d GIN at batch 1000. */
export interface Curve {
  readonly id: "width" | "batch" | "blocks" | "samples";
  /** What grows, as an axis says it. */
  readonly label: string;
  readonly values: readonly number[];
  readonly load: (value: number) => Partial<DenseSteps>;
  /** Powers to draw beside the curve. */
  readonly powers: readonly number[];
}

export const THREADS = [1, 2] as const;

const BASE: Omit<DenseSteps, "threads"> = {
  features: 10,
  blocks: 8,
  batch: 1000,
  samples: 10_000,
  warmSeconds: 0.7,
  seconds: 0.7,
  wholeEpochs: false,
  profile: true,
};

export const curves: readonly Curve[] = [
  {
    id: "width",
    label: "features, and hidden units of every layer",
    values: [10, 20, 50, 100, 200, 500, 1000],
    load: (features) => ({ features, samples: 4000 }),
    powers: [1, 2],
  },
  {
    id: "batch",
    label: "samples in a batch",
    // 10 and 16 are padded to the same.
    values: [10, 16, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000],
    load: (batch) => ({ batch, samples: Math.max(10_000, 4 * batch) }),
    powers: [1],
  },
  {
    id: "blocks",
    label: "coupling blocks",
    values: [1, 2, 4, 8, 16, 32, 64],
    load: (blocks) => ({ blocks }),
    powers: [1],
  },
  {
    id: "samples",
    label: "training samples",
    values: [1000, 10_000, 100_000, 300_000, 1_000_000, 3_000_000],
    load: (samples) => ({ samples, wholeEpochs: true, seconds: 1.5 }),
    powers: [0],
  },
];

/** What is asked of a process for one point of a curve. */
export const requestOf = (
  curve: Curve,
  value: number,
  threads: number,
): DenseSteps & { work: "dense-step" } => ({
  work: "dense-step",
  ...BASE,
  ...curve.load(value),
  threads,
});

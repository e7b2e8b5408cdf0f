import type { Engine } from "../engine/engine.js";
import { drawPermutation } from "../engine/permutation.js";

/** Training samples, of which one window at a time lies in memory. */
export interface TrainingSamples {
  /** Samples in all. */
  readonly count: number;
  /** Samples of each window of an epoch (from 0), in the order in which the epoch visits them; the same at every call. */
  windows(epoch: number): readonly number[];
  /** Brings a window of an epoch into memory. All members of a team call it together. */
  open(epoch: number, window: number): void;
}

/** Samples that are all in memory: a single window, always open. */
export function inMemory(count: number): TrainingSamples {
  const windows = [count];
  return { count, windows: () => windows, open() {} };
}

/**
 * The mini-batches of an epoch: window after window, each shuffled as a whole and cut into batches of even size. With
 * a single window that is a shuffle of all samples. Any batch can be asked for first, as when a fit is resumed.
 */
export class EpochOrder {
  /** The number of each window's first batch, and at the end that of all batches. */
  private readonly firstBatch: readonly number[];
  private readonly sizes: readonly number[];
  private open: { readonly window: number; readonly order: Int32Array } | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly samples: TrainingSamples,
    private readonly options: { readonly batch: number; readonly seed: number },
    private readonly epoch: number,
  ) {
    this.sizes = samples.windows(epoch);
    const first = [0];
    for (const size of this.sizes) {
      first.push(first[first.length - 1] + Math.max(1, Math.ceil(size / options.batch)));
    }
    this.firstBatch = first;
  }

  get batches(): number {
    return this.firstBatch[this.sizes.length];
  }

  /** The positions of a batch's samples in its window, which is open from then on. */
  batch(index: number): Int32Array {
    return this.ahead(index, 1)[0];
  }

  /** A batch and those after it in the same window, at most `count` in all. */
  ahead(index: number, count: number): Int32Array[] {
    const window = this.firstBatch.findLastIndex((first) => first <= index);
    if (this.open?.window !== window) this.open = this.enter(window);
    const { order } = this.open;
    const [first, end] = [this.firstBatch[window], this.firstBatch[window + 1]];
    const boundary = (batch: number) => Math.floor((this.sizes[window] * (batch - first)) / (end - first));
    return Array.from({ length: Math.min(count, end - index) }, (_, i) =>
      order.subarray(boundary(index + i), boundary(index + i + 1)),
    );
  }

  private enter(window: number): { window: number; order: Int32Array } {
    this.samples.open(this.epoch, window);
    // Each window has numbers of its own, so that none of those before it need be drawn again.
    const purpose = window === 0 ? "shuffle" : `shuffle ${window}`;
    const order = drawPermutation(this.engine, this.options.seed, purpose, this.epoch, this.sizes[window]);
    return { window, order };
  }
}

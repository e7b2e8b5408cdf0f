import type { Engine } from "../../engine/engine.js";
import { slice } from "../../engine/team.js";
import { type BatchConditions, countLabels } from "../../priors/prior.js";
import { selectConditions } from "../condition-rows.js";
import type { LabelledSamples } from "../labelled-samples.js";

/** Values gathered at a time. */
const VALUES = 1_000_000;

/** A team member's slice of a batch; valid until the next is taken. */
export interface BatchSlice {
  /** Puts the values of samples `from` to `to` of the slice, by default all, into kernel memory, [sample][value]. */
  load(staging: number, from?: number, to?: number): void;
  readonly labels: Int32Array;
  /** Samples of each class in the whole batch. */
  readonly counts: Float64Array;
  /** Conditions of the slice's samples, where labels do not say them. */
  readonly conditions?: BatchConditions | undefined;
  /** The place of the slice's first sample in the batch. */
  readonly first: number;
}

/** Where batches come from. */
export interface Batches {
  /**
   * The slice of the batch of these samples that an engine's team member works on; `ahead` says what will be asked for
   * next.
   */
  take(engine: Engine, samples: Int32Array, ahead?: BatchesAhead): BatchSlice;
}

/** This batch and those after it, `count` at most: positions of samples. */
export type BatchesAhead = (count: number) => readonly Int32Array[];

/**
 * Batches of samples that lie outside kernel memory, in the order of their batches, gathered many batches at a time: one by one, between steps that need the
 * caches for themselves, nearly every sample of a small batch would have to come from memory.
 */
export class GatheredBatches implements Batches {
  private gathered: { readonly samples: Int32Array; readonly part: BatchSlice }[] = [];
  /** Reused: fresh memory would cost more than the copying. */
  private values = new Float32Array(0);

  constructor(
    private readonly from: LabelledSamples,
    private readonly size: number,
    private readonly classes: number,
  ) {}

  take(engine: Engine, samples: Int32Array, ahead: BatchesAhead = () => [samples]): BatchSlice {
    if (!this.gathered[0] || !sameBatch(this.gathered[0].samples, samples)) {
      const count = Math.max(1, Math.floor(VALUES / (samples.length * this.size)));
      this.gathered = engine.stopwatch.measure("gathering samples", () => this.gather(engine, ahead(count)));
    }
    const [{ part }] = this.gathered;
    this.gathered.shift();
    return part;
  }

  private gather({ team, memory }: Engine, batches: readonly Int32Array[]): typeof this.gathered {
    const { from, size } = this;
    const slices = batches.map((batch) => slice(team, batch.length));
    const total = slices.reduce((sum, part) => sum + (part.to - part.from) * size, 0);
    if (this.values.length < total) this.values = new Float32Array(total);
    let start = 0;
    return batches.map((samples, index) => {
      const { from: first, to } = slices[index];
      const data = this.values.subarray(start, start + (to - first) * size);
      start += data.length;
      for (let i = first; i < to; i++)
        copySample(from.data, samples[i] * size, data, (i - first) * size, size);
      const all = new Int32Array(samples.length);
      for (let i = 0; i < samples.length; i++) all[i] = from.labels[samples[i]];
      const counts = countLabels(all, this.classes);
      const labels = all.subarray(first, to);
      const load = (staging: number, start = 0, end = labels.length) =>
        memory.floats(staging, (end - start) * size).set(data.subarray(start * size, end * size));
      const conditions = batchConditions(from, samples, first, to);
      return { samples, part: { load, labels, counts, conditions, first } };
    });
  }
}

/** The conditions of the samples of a batch from number `first` up to, not including, `to`. */
export function batchConditions(
  { conditions }: LabelledSamples,
  samples: Int32Array,
  first: number,
  to: number,
): BatchConditions | undefined {
  return (
    conditions && { ...selectConditions(conditions, samples.subarray(first, to)), batch: samples.length }
  );
}

/** Batches are windows on the order of an epoch. */
const sameBatch = (a: Int32Array, b: Int32Array) =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;

/** Copies one sample; a view costs more than copying a short one number by number. */
function copySample(from: Float32Array, start: number, to: Float32Array, target: number, size: number): void {
  if (size > 64) to.set(from.subarray(start, start + size), target);
  else for (let i = 0; i < size; i++) to[target + i] = from[start + i];
}

import type { Engine } from "../../engine/engine.js";
import type { BatchDivision, SampleRange } from "../../nn/batch-division.js";
import { type BatchConditions, countLabels } from "../../priors/prior.js";
import { selectConditions } from "../condition-rows.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { BatchValues } from "./batch-values.js";

/** Neighbouring samples of a batch; valid until samples of another batch are taken. */
export interface BatchPart {
  /** Puts their values into kernel memory, [sample][value]. */
  load(staging: number): void;
  readonly labels: Int32Array;
  /** Samples of the whole batch whose class is known. */
  readonly known: number;
  /** Samples of each class in the whole batch. */
  counts(): Float64Array;
  /** Conditions of the samples, where labels do not say them. */
  readonly conditions?: BatchConditions | undefined;
  /** The place of the first sample in the batch. */
  readonly first: number;
}

/** What this member may need of a batch, fetched from where it lay. */
interface Gathered {
  readonly samples: Int32Array;
  readonly part: (range: SampleRange) => BatchPart;
}

/** This batch and those after it, `count` at most: positions of samples. */
export type BatchesAhead = (count: number) => readonly Int32Array[];

/**
 * Batches of samples, gathered many batches at a time where their values can wait: one by one, between steps that need the caches
 * for themselves, nearly every sample of a small batch would have to come from memory.
 */
export class GatheredBatches {
  private gathered: Gathered[] = [];

  constructor(
    private readonly from: Omit<LabelledSamples, "data">,
    private readonly values: BatchValues,
    private readonly classes: number,
    private readonly division: BatchDivision,
    /** Whether it is certain that all classes are known. */
    private readonly isLabelled = false,
  ) {}

  /** A part of the batch of these samples, within the division's reach; `ahead` says which batches will be asked for next. */
  take(
    engine: Engine,
    samples: Int32Array,
    range: SampleRange,
    ahead: BatchesAhead = () => [samples],
  ): BatchPart {
    const place = this.gathered.findIndex((batch) => sameBatch(batch.samples, samples));
    if (place >= 0) this.gathered.splice(0, place);
    else {
      const count = Math.max(1, Math.floor(this.values.room / (samples.length * this.values.size)));
      this.gathered = engine.stopwatch.measure("gathering samples", () => this.gather(ahead(count)));
    }
    return this.gathered[0].part(range);
  }

  private gather(batches: readonly Int32Array[]): Gathered[] {
    const { from, values, classes, division, isLabelled } = this;
    values.clear();
    return batches.map((samples) => {
      const { from: start, to: end } = division.reach(samples.length);
      const load = values.gather(samples.subarray(start, end));
      const counts = () => countLabels(chosen(from.labels, samples), classes);
      const known = isLabelled ? samples.length : counts().reduce((sum, count) => sum + count, 0);
      const part = ({ from: first, to }: SampleRange): BatchPart => {
        const indices = samples.subarray(first, to);
        return {
          load: (staging) => load(staging, first - start, to - start),
          labels: chosen(from.labels, indices),
          known,
          counts,
          conditions: from.conditions && {
            ...selectConditions(from.conditions, indices),
            batch: samples.length,
          },
          first,
        };
      };
      return { samples, part };
    });
  }
}

function chosen(labels: Int32Array, indices: Int32Array): Int32Array {
  const result = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) result[i] = labels[indices[i]];
  return result;
}

/** Batches are windows on the order of an epoch. */
const sameBatch = (a: Int32Array, b: Int32Array) =>
  a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length;

import type { Engine } from "../../engine/engine.js";
import { slice } from "../../engine/team.js";
import { countLabels } from "../../priors/prior.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { SampleSource } from "../sample-source.js";
import { type Batches, type BatchSlice, batchConditions, GatheredBatches } from "./gathered-batches.js";

/** Bytes of samples that a thread keeps in kernel memory at most. */
const RESIDENT_BYTES = 64 * 2 ** 20;

/** Batches of training samples: from kernel memory where they are few enough and do not change. */
export function batchesOf(engine: Engine, source: SampleSource, size: number, classes: number): Batches {
  const { window, isConstant } = source;
  const isResident = isConstant && window.data.byteLength <= RESIDENT_BYTES;
  return isResident
    ? new ResidentBatches(engine, window, size, classes)
    : new GatheredBatches(window, size, classes);
}

/**
 * Batches of samples that all lie in kernel memory, from where a kernel gathers those of a batch: it waits for many of
 * them at once, where they come from far. They are copied there when this is made, and stay as long as the model.
 */
class ResidentBatches implements Batches {
  private readonly pointer: number;

  constructor(
    { arena, memory }: Engine,
    private readonly from: LabelledSamples,
    private readonly size: number,
    private readonly classes: number,
  ) {
    this.pointer = arena.allocate(from.data.byteLength);
    memory.floats(this.pointer, from.data.length).set(from.data);
  }

  take({ arena, kernels, memory, team }: Engine, samples: Int32Array): BatchSlice {
    const { from, size } = this;
    const all = new Int32Array(samples.length);
    for (let i = 0; i < samples.length; i++) all[i] = from.labels[samples[i]];
    const { from: first, to } = slice(team, samples.length);
    const labels = all.subarray(first, to);
    return {
      labels,
      counts: countLabels(all, this.classes),
      conditions: batchConditions(from, samples, first, to),
      first,
      load: (staging, start = 0, end = labels.length) => {
        const mark = arena.mark();
        const indices = arena.allocate(4 * (end - start));
        memory.integers(indices, end - start).set(samples.subarray(first + start, first + end));
        kernels.gatherSamples(this.pointer, indices, staging, end - start, size);
        arena.release(mark);
      },
    };
  }
}

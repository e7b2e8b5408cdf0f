import type { Engine } from "../../engine/engine.js";

/** Puts values of gathered samples from number `from` up to, not including, `to` into kernel memory, [sample][value]. */
export type LoadValues = (staging: number, from: number, to: number) => void;

/** Where the values of samples lie, and where those of coming batches wait. */
export interface BatchValues {
  /** Values of a sample. */
  readonly size: number;
  /** Values that can wait; none where it is as well to fetch them when they are loaded. */
  readonly room: number;
  /** Lets go of all that wait. */
  clear(): void;
  /** Has the values of samples, by their numbers, ready to be loaded. */
  gather(samples: Int32Array): LoadValues;
}

/** Values that lie outside kernel memory, [sample][value]; they wait only where `waits` is set. */
export class OutsideValues implements BatchValues {
  readonly room: number;
  /** Reused: fresh memory would cost more than the copying. */
  private waiting = new Float32Array(0);
  private next = 0;

  constructor(
    private readonly engine: Engine,
    private readonly data: Float32Array,
    readonly size: number,
    private readonly waits: boolean,
  ) {
    this.room = waits ? 1_000_000 : 0;
  }

  clear(): void {
    this.next = 0;
  }

  gather(samples: Int32Array): LoadValues {
    const { size } = this;
    const { memory } = this.engine;
    if (!this.waits)
      return (staging, from, to) =>
        this.copy(samples.subarray(from, to), memory.floats(staging, (to - from) * size));
    const count = samples.length * size;
    if (this.waiting.length < this.next + count) this.waiting = new Float32Array(Math.max(this.room, count));
    const values = this.waiting.subarray(this.next, this.next + count);
    this.next += count;
    this.copy(samples, values);
    return (staging, from, to) =>
      memory.floats(staging, (to - from) * size).set(values.subarray(from * size, to * size));
  }

  private copy(samples: Int32Array, target: Float32Array): void {
    const { data, size } = this;
    for (let i = 0; i < samples.length; i++) copySample(data, samples[i] * size, target, i * size, size);
  }
}

/**
 * From so many values on a sample arrives as fast as memory gives it, wherever it lies. A short one has to be waited for,
 * one by one, and a view of it costs more than copying it number by number.
 */
export const LONG_SAMPLE = 64;

function copySample(from: Float32Array, start: number, to: Float32Array, target: number, size: number): void {
  if (size >= LONG_SAMPLE) to.set(from.subarray(start, start + size), target);
  else for (let i = 0; i < size; i++) to[target + i] = from[start + i];
}

/**
 * Values that all lie in kernel memory, from where a kernel gathers them when they are loaded: it waits for many of them at
 * once, where they come from far. They are copied there when this is made, and stay as long as the model.
 */
export class ResidentValues implements BatchValues {
  readonly room = 0;
  private readonly pointer: number;

  constructor(
    private readonly engine: Engine,
    data: Float32Array,
    readonly size: number,
  ) {
    this.pointer = engine.arena.allocate(data.byteLength);
    engine.memory.floats(this.pointer, data.length).set(data);
  }

  clear(): void {}

  gather(samples: Int32Array): LoadValues {
    const { arena, kernels, memory } = this.engine;
    return (staging, from, to) => {
      const mark = arena.mark();
      const indices = arena.allocate(4 * (to - from));
      memory.integers(indices, to - from).set(samples.subarray(from, to));
      kernels.gatherSamples(this.pointer, indices, staging, to - from, this.size);
      arena.release(mark);
    };
  }
}

import type { Engine } from "../../engine/engine.js";

/** Puts values of gathered samples from number `from` up to, not including, `to` into kernel memory, [sample][value]. */
export type LoadValues = (staging: number, from: number, to: number) => void;

/** Where the values of samples lie, and where those of coming batches wait. */
export interface BatchValues {
  /** Values of a sample. */
  readonly size: number;
  /** Values that can wait. */
  readonly room: number;
  /** Lets go of all that wait. */
  clear(): void;
  /** Fetches the values of samples, by their numbers, to wait until they are loaded. */
  gather(samples: Int32Array): LoadValues;
}

/** Values that lie outside kernel memory, [sample][value]. */
export class OutsideValues implements BatchValues {
  readonly room = 1_000_000;
  /** Reused: fresh memory would cost more than the copying. */
  private waiting = new Float32Array(0);
  private next = 0;

  constructor(
    private readonly engine: Engine,
    private readonly data: Float32Array,
    readonly size: number,
  ) {}

  clear(): void {
    this.next = 0;
  }

  gather(samples: Int32Array): LoadValues {
    const { data, size } = this;
    const { memory } = this.engine;
    const count = samples.length * size;
    if (this.waiting.length < this.next + count) this.waiting = new Float32Array(Math.max(this.room, count));
    const values = this.waiting.subarray(this.next, this.next + count);
    this.next += count;
    for (let i = 0; i < samples.length; i++) copySample(data, samples[i] * size, values, i * size, size);
    return (staging, from, to) =>
      memory.floats(staging, (to - from) * size).set(values.subarray(from * size, to * size));
  }
}

/** Copies one sample; a view costs more than copying a short one number by number. */
function copySample(from: Float32Array, start: number, to: Float32Array, target: number, size: number): void {
  if (size > 64) to.set(from.subarray(start, start + size), target);
  else for (let i = 0; i < size; i++) to[target + i] = from[start + i];
}

/**
 * Values that all lie in kernel memory, from where a kernel gathers them. They are copied there when this is made, and stay as
 * long as the model. A batch that has no room to wait is gathered when it is loaded.
 */
export class ResidentValues implements BatchValues {
  readonly room = 128 * 1024;
  private readonly pointer: number;
  private readonly waiting: number;
  private next = 0;

  constructor(
    private readonly engine: Engine,
    data: Float32Array,
    readonly size: number,
  ) {
    const { arena, memory } = engine;
    this.pointer = arena.allocate(data.byteLength);
    memory.floats(this.pointer, data.length).set(data);
    this.waiting = arena.allocate(4 * this.room);
  }

  clear(): void {
    this.next = 0;
  }

  gather(samples: Int32Array): LoadValues {
    const { size } = this;
    const { memory } = this.engine;
    const place = this.waiting + 4 * this.next;
    this.next += samples.length * size;
    if (this.next > this.room) return (staging, from, to) => this.fetch(samples.subarray(from, to), staging);
    this.fetch(samples, place);
    return (staging, from, to) =>
      memory
        .bytes(staging, 4 * (to - from) * size)
        .set(memory.bytes(place + 4 * from * size, 4 * (to - from) * size));
  }

  private fetch(samples: Int32Array, target: number): void {
    const { arena, kernels, memory } = this.engine;
    const mark = arena.mark();
    const indices = arena.allocate(samples.byteLength);
    memory.integers(indices, samples.length).set(samples);
    kernels.gatherSamples(this.pointer, indices, target, samples.length, this.size);
    arena.release(mark);
  }
}

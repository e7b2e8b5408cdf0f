import type { Engine } from "../engine/engine.js";
import type { Memory } from "../engine/memory.js";

/** One named tensor within the flat parameter vector. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** Byte addresses of the values and of their gradient. */
  readonly pointer: number;
  readonly gradient: number;
}

/**
 * All trainable values of a model in one vector, with one gradient vector beside it, so that the optimiser and
 * the team's reduction each are one kernel call. Declare everything, then `materialise` once.
 */
export class Parameters {
  readonly #declared: { name: string; shape: readonly number[]; length: number; offset: number }[] = [];
  readonly #names = new Set<string>();
  #length = 0;
  #count = 0;
  #memory: Memory | undefined;
  #values = 0;
  #gradients = 0;

  /** Number of trainable values. */
  get count(): number {
    return this.#count;
  }

  /** Floats of the vector: the trainable values, and zeros between groups. */
  get length(): number {
    return this.#length;
  }

  /** Floats of the vector in memory, whole vectors of 8, so that kernels need no tail; those beyond its length are zero. */
  get padded(): number {
    return 8 * Math.ceil(this.#length / 8);
  }

  /** Starts a group that an optimiser can treat on its own; returns its offset, a multiple of 8. */
  startGroup(): number {
    this.#length = 8 * Math.ceil(this.#length / 8);
    return this.#length;
  }

  get valuesPointer(): number {
    return this.#values;
  }

  get gradientsPointer(): number {
    return this.#gradients;
  }

  declare(name: string, shape: readonly number[]): Parameter {
    if (this.#memory) throw new Error(`Parameter "${name}" was declared after the vector was laid out.`);
    if (this.#names.has(name)) throw new Error(`Parameter "${name}" was declared twice.`);
    this.#names.add(name);
    const length = shape.reduce((product, extent) => product * extent, 1);
    const offset = this.#length;
    this.#declared.push({ name, shape, length, offset });
    this.#length += length;
    this.#count += length;
    const owner = this;
    return {
      name,
      shape,
      length,
      get pointer() {
        return owner.#values + 4 * offset;
      },
      get gradient() {
        return owner.#gradients + 4 * offset;
      },
    };
  }

  /** Lays the vectors out in kernel memory, all zero; of a model that is another thread's, only the gradient. */
  materialise({ memory, arena, model }: Engine): void {
    this.#memory = memory;
    const bytes = 4 * this.padded;
    this.#values = model?.parameters ?? arena.allocateZeroed(bytes);
    this.#gradients = arena.allocateZeroed(bytes);
  }

  /** All values, in order of declaration; valid until the memory grows. */
  values(): Float32Array {
    return this.#require().floats(this.#values, this.#length);
  }

  gradients(): Float32Array {
    return this.#require().floats(this.#gradients, this.#length);
  }

  /** Each tensor's name, shape and range in the vector. */
  entries(): readonly { name: string; shape: readonly number[]; length: number; offset: number }[] {
    return this.#declared;
  }

  #require(): Memory {
    if (!this.#memory) throw new Error("The parameters have not been laid out yet.");
    return this.#memory;
  }
}

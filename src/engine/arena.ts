import type { Memory } from "./memory.js";

const ALIGNMENT = 64;

/**
 * Bump allocation in kernel memory. What lives as long as the model (parameters, optimiser state) is allocated
 * first; a step takes a mark, allocates freely, and releases back to the mark. Nobody disposes of tensors.
 */
export class Arena {
  #next: number;
  #peak: number;

  constructor(
    private readonly memory: Memory,
    base: number,
  ) {
    this.#next = Math.ceil(base / ALIGNMENT) * ALIGNMENT;
    this.#peak = this.#next;
  }

  /** Reserves `bytes` uninitialised bytes, aligned to a cache line, and returns their address. */
  allocate(bytes: number): number {
    const pointer = this.#next;
    this.#next += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (this.#next > this.#peak) {
      this.#peak = this.#next;
      this.memory.ensure(this.#next);
    }
    return pointer;
  }

  /** Reserves `bytes` zeroed bytes. */
  allocateZeroed(bytes: number): number {
    const pointer = this.allocate(bytes);
    this.memory.bytes(pointer, bytes).fill(0);
    return pointer;
  }

  mark(): number {
    return this.#next;
  }

  release(mark: number): void {
    this.#next = mark;
  }

  /** Highest address ever used, in bytes. */
  get peak(): number {
    return this.#peak;
  }
}

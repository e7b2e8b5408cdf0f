const PAGE = 65536;
/** 4 GiB but for one page, so that the address behind the last byte is a number of 32 bits, too. */
const MOST_PAGES = 65535;

/** A stretch of memory, as byte addresses. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The linear memory that kernels and tensors work in; it grows on demand, up to 4 GiB. Where the environment has shared
 * memory, that is what it is, and engines of several threads can work in one.
 */
export class Memory {
  readonly isShared: boolean;
  #floats: Float32Array;
  #bytes: Uint8Array;
  #integers: Int32Array;

  private constructor(
    readonly buffer: WebAssembly.Memory,
    /**
     * Memory that nobody touches and that grows with what is shared. V8 does not count that, and would leave the memory of
     * models that nobody has any more until all is used up.
     */
    private readonly counted?: WebAssembly.Memory,
  ) {
    this.isShared = !(buffer.buffer instanceof ArrayBuffer);
    this.#floats = new Float32Array(buffer.buffer);
    this.#bytes = new Uint8Array(buffer.buffer);
    this.#integers = new Int32Array(buffer.buffer);
  }

  static create(initialBytes = 4 * 1024 * 1024): Memory {
    const initial = Math.ceil(initialBytes / PAGE);
    const limits = { initial, maximum: MOST_PAGES };
    const shared =
      typeof SharedArrayBuffer === "undefined"
        ? undefined
        : attempt(() => new WebAssembly.Memory({ ...limits, shared: true }));
    if (!shared) return new Memory(new WebAssembly.Memory(limits));
    return new Memory(
      shared,
      attempt(() => new WebAssembly.Memory(limits)),
    );
  }

  /** Memory that another thread has created. */
  static of(shared: WebAssembly.Memory): Memory {
    return new Memory(shared);
  }

  get byteLength(): number {
    return this.buffer.buffer.byteLength;
  }

  /**
   * Adds as many bytes as there is room for, of several wishes in turn; returns where they are, which is behind what there
   * was unless another thread was first. Throws RangeError where the last wish would lead beyond 4 GiB.
   */
  extend(...wishes: readonly number[]): Stretch {
    for (const bytes of wishes) {
      const pages = Math.ceil(bytes / PAGE);
      const before = attempt(() => this.buffer.grow(pages));
      if (before === undefined) continue;
      this.count();
      return { from: PAGE * before, to: PAGE * (before + pages) };
    }
    const needed = Math.ceil((this.byteLength + wishes[wishes.length - 1]) / 2 ** 20);
    throw new RangeError(
      `This needs ${needed} MiB of memory, and 4096 MiB is the most that a model and its threads can have; ` +
        "smaller batches or fewer threads need less.",
    );
  }

  /** Has V8 count what other threads have added. */
  count(): void {
    const { counted } = this;
    const missing = counted ? this.byteLength - counted.buffer.byteLength : 0;
    if (missing > 0) attempt(() => counted?.grow(missing / PAGE));
  }

  /** A window on `length` floats at byte address `pointer`; valid until the memory grows. */
  floats(pointer: number, length: number): Float32Array {
    if (this.#floats.buffer !== this.buffer.buffer) this.#floats = new Float32Array(this.buffer.buffer);
    return this.#floats.subarray(pointer >>> 2, (pointer >>> 2) + length);
  }

  /** A window on `length` 32-bit integers at byte address `pointer`; valid until the memory grows. */
  integers(pointer: number, length: number): Int32Array {
    if (this.#integers.buffer !== this.buffer.buffer) this.#integers = new Int32Array(this.buffer.buffer);
    return this.#integers.subarray(pointer >>> 2, (pointer >>> 2) + length);
  }

  /** A window on `length` bytes; valid until the memory grows. */
  bytes(pointer: number, length: number): Uint8Array {
    if (this.#bytes.buffer !== this.buffer.buffer) this.#bytes = new Uint8Array(this.buffer.buffer);
    return this.#bytes.subarray(pointer, pointer + length);
  }
}

/** What `make` makes; undefined where there is no room for it, or the environment does not know it. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

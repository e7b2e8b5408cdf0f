const PAGE = 65536;
/** Most pages: 4 GiB, or 1 GiB where an environment does not let so much be shared. */
const MOST_PAGES = [65536, 16384];

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
     * Memory of the same size that nobody touches. V8 does not count what is shared, and would leave the
     * memory of models that nobody has any more until all is used up.
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
    const own = () => new WebAssembly.Memory({ initial, maximum: MOST_PAGES[0] });
    const shared = createShared(initial);
    return shared ? new Memory(shared, own()) : new Memory(own());
  }

  /** Memory that another thread has created. */
  static of(shared: WebAssembly.Memory): Memory {
    return new Memory(shared);
  }

  get byteLength(): number {
    return this.buffer.buffer.byteLength;
  }

  /**
   * Adds at least `least` bytes, and `wished` where there is room; returns where they are, which is behind what there was
   * unless another thread was first. Throws RangeError beyond 4 GiB.
   */
  extend(least: number, wished = least): Stretch {
    const before = this.grow(wished) ?? this.grow(least);
    if (before === undefined) {
      const needed = Math.ceil((this.byteLength + least) / 2 ** 20);
      throw new RangeError(`This step needs ${needed} MiB, and 4096 MiB is the most it can have.`);
    }
    const missing = this.byteLength - (this.counted?.buffer.byteLength ?? this.byteLength);
    this.counted?.grow(missing / PAGE);
    return before;
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

  private grow(bytes: number): Stretch | undefined {
    const pages = Math.ceil(bytes / PAGE);
    try {
      const from = PAGE * this.buffer.grow(pages);
      return { from, to: from + PAGE * pages };
    } catch {
      return undefined;
    }
  }
}

/** Shared memory, as much of it as can be; undefined where there is none. */
function createShared(initial: number): WebAssembly.Memory | undefined {
  if (typeof SharedArrayBuffer === "undefined") return undefined;
  for (const maximum of MOST_PAGES) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch {
      // Too much for this environment, or not to be had at all.
    }
  }
  return undefined;
}

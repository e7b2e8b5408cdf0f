const PAGE = 65536;
const MAXIMUM_PAGES = 65536;

/** The linear memory that kernels and tensors share; it grows on demand, up to 4 GiB. */
export class Memory {
  readonly buffer: WebAssembly.Memory;
  #floats: Float32Array;
  #bytes: Uint8Array;
  #integers: Int32Array;

  constructor(initialBytes = 4 * 1024 * 1024) {
    const initial = Math.ceil(initialBytes / PAGE);
    this.buffer = new WebAssembly.Memory({ initial, maximum: MAXIMUM_PAGES });
    this.#floats = new Float32Array(this.buffer.buffer);
    this.#bytes = new Uint8Array(this.buffer.buffer);
    this.#integers = new Int32Array(this.buffer.buffer);
  }

  get byteLength(): number {
    return this.buffer.buffer.byteLength;
  }

  /** Makes at least `bytes` bytes available. Throws RangeError beyond 4 GiB. */
  ensure(bytes: number): void {
    const current = this.byteLength;
    if (bytes <= current) return;
    const wanted = Math.max(bytes, Math.min(2 * current, current + 256 * 1024 * 1024));
    const pages = Math.min(Math.ceil(wanted / PAGE), MAXIMUM_PAGES);
    if (pages * PAGE < bytes) {
      throw new RangeError(
        `This step needs ${Math.ceil(bytes / 2 ** 20)} MiB, and 4096 MiB is the most it can have.`,
      );
    }
    this.buffer.grow(pages - current / PAGE);
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

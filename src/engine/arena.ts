import type { Memory } from "./memory.js";

const ALIGNMENT = 64;
/** What the memory grows by: as much as the arena has, but no less and no more than this. */
const LEAST_GROWTH = 1024 * 1024;
const MOST_GROWTH = 256 * 1024 * 1024;

/** A stretch of memory that is the arena's. */
interface Chunk {
  readonly from: number;
  to: number;
  /** Bytes that were allocated elsewhere before the arena went on here. */
  before: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Bump allocation in kernel memory. What lives as long as the model (parameters, optimiser state) is allocated
 * first; a step takes a mark, allocates freely, and releases back to the mark. Nobody disposes of tensors. Arenas of
 * several threads take turns in a memory that they share, chunk by chunk; one alone has a single chunk, which grows.
 */
export class Arena {
  readonly #chunks: Chunk[] = [];
  /** Number of the chunk where the arena goes on. */
  #current = -1;
  #next = 0;
  #peak = 0;

  /** An arena from address `base` to the end of a memory that nobody else has, or with `base` undefined in one that others share. */
  constructor(
    private readonly memory: Memory,
    base: number | undefined,
  ) {
    if (base === undefined) return;
    this.#chunks.push({ from: aligned(base), to: memory.byteLength, before: 0 });
    this.#enter(0, 0);
  }

  /** Reserves `bytes` uninitialised bytes, aligned to a cache line, and returns their address. */
  allocate(bytes: number): number {
    const size = aligned(bytes);
    if (this.#next + size > (this.#chunks[this.#current]?.to ?? 0)) this.#goOn(size);
    const pointer = this.#next;
    this.#next += size;
    if (this.used > this.#peak) this.#peak = this.used;
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

  /** Goes back to a mark, or on to one where the arena stood after the same allocations. */
  release(mark: number): void {
    const holds = ({ from, to }: Chunk) => from <= mark && mark <= to;
    if (!holds(this.#chunks[this.#current])) this.#current = this.#chunks.findIndex(holds);
    this.#next = mark;
  }

  /** Bytes that are reserved. */
  get used(): number {
    const chunk = this.#chunks[this.#current];
    return chunk ? chunk.before + this.#next - chunk.from : 0;
  }

  /** The most bytes that were ever reserved at a time. */
  get peak(): number {
    return this.#peak;
  }

  /** Goes on in the next chunk that has room for `size` bytes, or in more memory. */
  #goOn(size: number): void {
    const { used } = this;
    const chunks = this.#chunks;
    const room = chunks.findIndex(({ from, to }, index) => index > this.#current && from + size <= to);
    if (room >= 0) {
      this.#enter(room, used);
      return;
    }
    const total = chunks.reduce((sum, { from, to }) => sum + to - from, 0);
    const growth = Math.max(size, Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, total)));
    // What is left of the last chunk counts where nobody else comes between.
    const last = chunks[chunks.length - 1];
    const { from, to } = this.memory.extend(size, growth);
    if (last?.to === from) last.to = to;
    else chunks.push({ from, to, before: 0 });
    if (this.#current !== chunks.length - 1) this.#enter(chunks.length - 1, used);
  }

  #enter(chunk: number, used: number): void {
    this.#current = chunk;
    this.#chunks[chunk].before = used;
    this.#next = this.#chunks[chunk].from;
  }
}

import type { Memory } from "./memory.js";

const ALIGNMENT = 64;
/**
 * What the memory grows by: as much as the arena has, but no less and no more than this; less in a memory that others share,
 * which shall not lack what one has too much.
 */
const LEAST_GROWTH = 1024 * 1024;
const MOST_GROWTH = 256 * 1024 * 1024;
const MOST_GROWTH_AMONG_OTHERS = 16 * 1024 * 1024;

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
  readonly #mostGrowth: number;
  /** Number of the chunk where the arena goes on. */
  #current = -1;
  #next = 0;
  #peak = 0;

  /** An arena from address `base` to the end of a memory that nobody else has, or with `base` undefined in one that others share. */
  constructor(
    private readonly memory: Memory,
    base: number | undefined,
  ) {
    this.#mostGrowth = base === undefined ? MOST_GROWTH_AMONG_OTHERS : MOST_GROWTH;
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
    if (!holds(this.#chunks[this.#current])) {
      const chunk = this.#chunks.findIndex(holds);
      if (chunk < 0) throw new Error(`Found ${mark}, expected a mark of this arena.`);
      this.#current = chunk;
    }
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
    const found = chunks.findIndex(({ from, to }, index) => index > this.#current && from + size <= to);
    if (found >= 0) {
      this.#enter(found, used);
      return;
    }
    const total = chunks.reduce((sum, { from, to }) => sum + to - from, 0);
    const growth = Math.max(size, Math.min(this.#mostGrowth, Math.max(LEAST_GROWTH, total)));
    // What is left of the last chunk counts where nobody else comes between.
    const last = chunks[chunks.length - 1];
    const isLast = this.#current === chunks.length - 1;
    const left = last ? last.to - (isLast ? this.#next : last.from) : 0;
    const { from, to } = this.memory.extend(growth, size, size - left);
    if (last?.to === from) last.to = to;
    else chunks.push({ from, to, before: 0 });
    // Somebody else came between, and there was no room for more than was missing.
    if (last?.to !== to && to - from < size) this.#goOn(size);
    else if (this.#current !== chunks.length - 1) this.#enter(chunks.length - 1, used);
  }

  #enter(chunk: number, used: number): void {
    this.#current = chunk;
    this.#chunks[chunk].before = used;
    this.#next = this.#chunks[chunk].from;
  }
}

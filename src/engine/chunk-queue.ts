/**
 * Chunks of work that threads take until none is left. What a chunk gives must not depend on who computes it: then
 * a thread that dies or dawdles costs time only, since another may compute its chunk again.
 */
export class ChunkQueue {
  /** `words` is shared memory: how many chunks have been taken, and 1 for each that is finished. */
  constructor(private readonly words: Int32Array) {}

  /** Shared memory for a queue of `chunks` chunks; plain data that can be posted to workers. */
  static memory(chunks: number): Int32Array {
    return new Int32Array(new SharedArrayBuffer(4 * (chunks + 1)));
  }

  get length(): number {
    return this.words.length - 1;
  }

  /** Chunks that nobody has taken yet. */
  get left(): number {
    return Math.max(0, this.length - Atomics.load(this.words, 0));
  }

  /** A chunk that nobody has taken; undefined where there is none. */
  take(): number | undefined {
    const chunk = Atomics.add(this.words, 0, 1);
    return chunk < this.length ? chunk : undefined;
  }

  finish(chunk: number): void {
    Atomics.store(this.words, chunk + 1, 1);
    Atomics.notify(this.words, chunk + 1);
  }

  /**
   * Waits until all chunks are finished, but for each no longer than `milliseconds`; returns the first that is
   * overdue, or undefined when all are finished.
   */
  overdue(milliseconds: number): number | undefined {
    for (let chunk = 0; chunk < this.length; chunk++) {
      if (Atomics.wait(this.words, chunk + 1, 0, milliseconds) === "timed-out") return chunk;
    }
    return undefined;
  }
}

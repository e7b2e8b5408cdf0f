import { readFile, rm, stat, utimes } from "node:fs/promises";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import { InputError } from "../errors.js";

const BEAT_MILLISECONDS = 1000;
/** A lock without a beat for so long is left over, whatever process has its number now. */
const STALE_MILLISECONDS = 10_000;

/** Marks a run folder as being worked on, by a file with this process's number that is touched once a second. */
export class RunLock {
  #beat: NodeJS.Timeout | undefined;
  #holders = 0;

  constructor(
    private readonly file: string,
    private readonly folder: string,
  ) {}

  /**
   * Throws InputError while another process works on the folder. What a killed one left does not count. Whoever holds
   * the lock may take it again, and releases it as often.
   */
  async take(): Promise<void> {
    if (this.#holders > 0) {
      this.#holders++;
      return;
    }
    const owner = Number(await readFile(this.file, "utf8").catch(() => ""));
    const touched = await stat(this.file).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    if (owner > 0 && owner !== process.pid && Date.now() - touched < STALE_MILLISECONDS && isAlive(owner)) {
      throw new InputError(
        `${this.folder}: another fit is at work there (process ${owner}); wait for it, or give another --out`,
      );
    }
    await writeFileAtomic(this.file, `${process.pid}\n`);
    this.#holders = 1;
    this.#beat = setInterval(() => {
      const now = new Date();
      // A beat that fails is made up for by the next.
      utimes(this.file, now, now).catch(() => {});
    }, BEAT_MILLISECONDS);
    this.#beat.unref();
  }

  async release(): Promise<void> {
    if (--this.#holders > 0) return;
    clearInterval(this.#beat);
    await rm(this.file, { force: true });
  }
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

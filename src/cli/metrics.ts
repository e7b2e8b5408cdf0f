import { z } from "zod";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import type { ReachedPoint } from "../models/method.js";

const lineSchema = z.object({
  /** From 0. */
  restart: z.int(),
  /** From 1, within the restart. */
  epoch: z.int(),
  learningRate: z.number(),
  trainLogLikelihood: z.number(),
  heldOutLogLikelihood: z.number().nullable(),
  /** Seconds of training up to the end of this epoch, restarts before it included and interruptions left out. */
  seconds: z.number().nullable(),
});

/** One epoch as `metrics.jsonl` holds it. Log-likelihoods are per sample and dimension, in nats. */
export type MetricsLine = z.infer<typeof lineSchema>;

/** The lines of a metrics file that are whole; the last may be cut short. */
export function parseMetrics(text: string): MetricsLine[] {
  return text.split("\n").flatMap((line) => {
    try {
      const result = lineSchema.safeParse(JSON.parse(line));
      return result.success ? [result.data] : [];
    } catch {
      return [];
    }
  });
}

/**
 * The lines that belong to a checkpoint: those of its finished restarts that `written` has, and the history of the
 * restart in training. Epochs after the checkpoint, which will be trained again, are left out.
 */
export function metricsAt(
  { restart, history }: ReachedPoint,
  written: readonly MetricsLine[],
): MetricsLine[] {
  const lines = history.map((entry): MetricsLine => {
    const before = written.find((line) => line.restart === restart && line.epoch === entry.epoch);
    return { restart, ...entry, seconds: before?.seconds ?? null };
  });
  return [...written.filter((line) => line.restart < restart), ...lines];
}

/** The seconds that each epoch of a restart took by itself; 0 where that is not known. */
export function epochSeconds(lines: readonly MetricsLine[], restart: number): number[] {
  const own = lines.map((line, index) => ({ line, before: lines[index - 1]?.seconds ?? 0 }));
  return own
    .filter(({ line }) => line.restart === restart)
    .map(({ line, before }) => (line.seconds === null ? 0 : Math.max(0, line.seconds - before)));
}

const FLUSH_MILLISECONDS = 2000;

/** The metrics file of a fit under way. Lines are kept and the file is rewritten whole, every few seconds. */
export class MetricsLog {
  #lastFlush = performance.now();
  #writing: Promise<void> = Promise.resolve();
  readonly #lines: MetricsLine[];

  constructor(
    readonly path: string,
    lines: readonly MetricsLine[] = [],
  ) {
    this.#lines = [...lines];
  }

  get lines(): readonly MetricsLine[] {
    return this.#lines;
  }

  add(line: MetricsLine): void {
    this.#lines.push(line);
    // A failure to write is raised by the next flush that is waited for.
    if (performance.now() - this.#lastFlush > FLUSH_MILLISECONDS) this.flush().catch(() => {});
  }

  /** Writes everything so far. Throws FailureError when it cannot. */
  flush(): Promise<void> {
    this.#lastFlush = performance.now();
    const content = this.#lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    this.#writing = this.#writing.catch(() => {}).then(() => writeFileAtomic(this.path, content));
    return this.#writing;
  }
}

import type { FitProgress } from "../models/method.js";

/** Where progress and notes of long work are shown. */
export interface ProgressView<P = FitProgress> {
  update(progress: P): void;
  note(sentence: string): void;
  /** Removes what is only of interest while the work goes on. */
  end(): void;
}

const LIVE_MILLISECONDS = 100;
const PLAIN_MILLISECONDS = 3000;

/** A live bar on a terminal; elsewhere a plain line every few seconds; nothing at all with `quiet`. */
export function progressView(stream: NodeJS.WriteStream, quiet?: boolean): ProgressView;
export function progressView<P extends { readonly fraction: number }>(
  stream: NodeJS.WriteStream,
  quiet: boolean | undefined,
  describe: (progress: P, left: number | null) => string,
): ProgressView<P>;
export function progressView(
  stream: NodeJS.WriteStream,
  quiet = false,
  describe: (progress: FitProgress, left: number | null) => string = progressText,
): ProgressView {
  if (quiet) return { update() {}, note() {}, end() {} };
  const live = stream.isTTY === true;
  const started = performance.now();
  let last = live ? Number.NEGATIVE_INFINITY : started;
  let from: number | undefined;
  let shown = false;
  const clear = () => {
    if (shown) stream.write("\r\x1b[K");
    shown = false;
  };
  return {
    update(progress) {
      from ??= progress.fraction;
      const now = performance.now();
      if (now - last < (live ? LIVE_MILLISECONDS : PLAIN_MILLISECONDS)) return;
      last = now;
      const left = secondsLeft(from, progress.fraction, (now - started) / 1000);
      const text = describe(progress, left);
      if (live) stream.write(`\r${progressBar(progress.fraction, text, stream.columns ?? 80)}\x1b[K`);
      else stream.write(`${text}\n`);
      shown = live;
    },
    note(sentence) {
      clear();
      stream.write(`${sentence}\n`);
    },
    end: clear,
  };
}

/** Seconds that the rest takes at the pace so far, from share `from` to share `done`; null before there is a pace. */
export function secondsLeft(from: number, done: number, elapsed: number): number | null {
  return done - from < 1e-3 ? null : (elapsed * (1 - done)) / (done - from);
}

/** One line of at most `columns` characters with a bar. */
export function progressBar(fraction: number, text: string, columns: number): string {
  const room = Math.min(24, columns - 1 - text.length - 2);
  if (room < 6) return text.slice(0, columns - 1);
  const filled = Math.round(room * Math.min(1, fraction));
  return `${"█".repeat(filled)}${"░".repeat(room - filled)}  ${text}`;
}

/** Epoch, held-out log-likelihood or what a method tells instead, learning rate and the time that is left. */
export function progressText(progress: FitProgress, left: number | null, tells = "log-likelihood"): string {
  const { restart, restarts, epoch, latest, learningRate } = progress;
  const heldOut = latest?.heldOutLogLikelihood ?? null;
  const value = heldOut ?? latest?.trainLogLikelihood;
  return [
    restarts > 1 && `run ${restart + 1} of ${restarts}`,
    `${learningRate === null ? "iteration" : "epoch"} ${epoch}`,
    value !== undefined && `${heldOut === null ? "training" : "held-out"} ${tells} ${value.toFixed(3)}`,
    learningRate !== null && `learning rate ${Number(learningRate.toPrecision(3))}`,
    left !== null && `at most ${duration(left)} left`,
  ]
    .filter((part) => part !== false)
    .join("  ");
}

/** Whole seconds up to two minutes, then minutes, then hours. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

import { exitCodes } from "./errors.js";

/** The reason with which work is aborted: the signal that asked for it. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** What a stop signal found out: a value, or the signal that ended the work first. */
export type Stoppable<T> = { readonly stopped: null; readonly value: T } | { readonly stopped: StopSignal };

/**
 * Runs work that can be stopped: the first Ctrl-C (or SIGTERM) aborts its signal, and the work may tidy up; the
 * second ends the process at once. Work that ends all the same is counted as done.
 */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Stoppable<T>> {
  const controller = new AbortController();
  const stop = (name: StopSignal) => {
    if (controller.signal.aborted) process.exit(exitCodes[name]);
    controller.abort(name);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return { stopped: null, value: await work(controller.signal) };
  } catch (error) {
    if (!controller.signal.aborted || error !== controller.signal.reason) throw error;
    return { stopped: controller.signal.reason as StopSignal };
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

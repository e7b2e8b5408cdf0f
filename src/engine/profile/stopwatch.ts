/** Is told what is being done while it is done, so that it can measure it. */
export interface Stopwatch {
  /** A training step. */
  step<T>(work: () => T): T;
  /** Anything worth a name, within a step or between steps. */
  measure<T>(operation: string, work: () => T): T;
}

/** Measures nothing. */
export const NO_STOPWATCH: Stopwatch = {
  step: (work) => work(),
  measure: (_, work) => work(),
};

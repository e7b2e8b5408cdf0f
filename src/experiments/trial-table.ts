import type { ResultTable } from "./conclusion.js";
import type { Measured, Trial } from "./experiment.js";

/** A column that tells something of each item. */
export interface Column<T> {
  readonly title: string;
  readonly number?: boolean;
  readonly cell: (item: T) => string;
}

/** The case of each trial. */
export const caseColumn = { title: "case", cell: (trial: Trial): string => trial.case.name };

export const heldOutColumn = {
  title: "held-out log-likelihood",
  number: true,
  cell: ({ measures }: { readonly measures: { readonly heldOutLogLikelihood: number | null } }): string =>
    measures.heldOutLogLikelihood?.toFixed(4) ?? "",
};

/**
 * Every trial in a row: `before` of all, their seed, the `measures`, of which those that failed say so and why instead, and
 * the processor's seconds.
 */
export function trialTable<S, M>(
  trials: readonly Trial<S, M>[],
  {
    before = [],
    measures,
  }: {
    readonly before?: readonly Column<Trial<S, M>>[];
    readonly measures: readonly Column<Measured<S, M>>[];
  },
): ResultTable {
  const head = ({ title, number }: { readonly title: string; readonly number?: boolean }) => ({
    title,
    ...(number && { number }),
  });
  const isMeasured = (trial: Trial<S, M>): trial is Measured<S, M> => trial.measures !== null;
  return {
    title: "Every trial",
    columns: [
      ...before.map(head),
      { title: "seed", number: true },
      ...measures.map(head),
      { title: "seconds", number: true },
    ],
    rows: trials.map((trial) => [
      ...before.map(({ cell }) => cell(trial)),
      String(trial.seed),
      ...(isMeasured(trial)
        ? measures.map(({ cell }) => cell(trial))
        : measures.map((_, place) => ["failed", trial.failure ?? ""][place] ?? "")),
      (trial.seconds.processor ?? trial.seconds.elapsed).toFixed(1),
    ]),
  };
}

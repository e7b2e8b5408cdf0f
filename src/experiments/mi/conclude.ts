import { CRITERIA, type Criterion, median } from "../../analysis/index.js";
import { measured } from "../experiment.js";
import { round, share } from "../summary.js";
import { GOOD_MCC, type MeasuredSelection, type SelectionTrial } from "./selection-study.js";

/** How often the two latents that a criterion ranks highest are the true ones, of all trials. */
export const rightShare = (trials: readonly SelectionTrial[], criterion: Criterion): string =>
  share(trials, ({ measures }) => measures?.criteria[criterion].right ?? false);

/** How often they are, and correlate with the truth by at least 0.95. */
export const goodShare = (trials: readonly SelectionTrial[], criterion: Criterion): string =>
  share(trials, ({ measures }) => (measures?.criteria[criterion].mcc ?? 0) >= GOOD_MCC);

/** The mean over trials of something; NaN of none. */
export function meanOf(
  trials: readonly MeasuredSelection[],
  of: (trial: MeasuredSelection) => number,
): number {
  return trials.reduce((sum, trial) => sum + of(trial), 0) / trials.length;
}

/** Figures of a group of trials, for programs. */
export function selectionNumbers(trials: readonly SelectionTrial[]): Record<string, unknown> {
  const done = measured(trials);
  const of = (criterion: Criterion) => {
    const own = done.map(({ measures }) => measures.criteria[criterion]);
    const mccs = own.map(({ mcc }) => mcc);
    return {
      right: own.filter(({ right }) => right).length,
      good: mccs.filter((mcc) => mcc >= GOOD_MCC).length,
      medianMcc: mccs.length === 0 ? null : round(median(mccs)),
      lowestMcc: mccs.length === 0 ? null : round(Math.min(...mccs)),
    };
  };
  return {
    trials: trials.length,
    failed: trials.length - done.length,
    selectedTwo: done.filter(({ measures }) => measures.selected === 2).length,
    ...Object.fromEntries(CRITERIA.map((criterion) => [criterion, of(criterion)])),
  };
}

import { median } from "../../analysis/index.js";
import type { Conclusion, Finding } from "../conclusion.js";
import { measured } from "../experiment.js";
import { round, share, told } from "../summary.js";
import { type AugmentedTrial, informativeCount, isFound, isLatentFound } from "./augmented-study.js";
import { augmentedTable, correlationFigure, panelsFigure } from "./figures.js";

/** What came out of the trials of one way to augment; `others` are further ones to list beside them. */
export function concludeAugmented(
  trials: readonly AugmentedTrial[],
  findings: readonly Finding[],
  others: readonly AugmentedTrial[] = [],
): Conclusion {
  const done = measured(trials);
  const mccs = done.map(({ measures }) => measures.mcc);
  return {
    headline:
      done.length === 0
        ? `none of ${trials.length} trials could be trained`
        : `both true latents found in ${share(trials, isFound)} trials, median MCC ${told(median(mccs))}, lowest ${told(Math.min(...mccs))}` +
          (others.length > 0 ? `; without noise in ${share(others, isFound)}` : ""),
    findings,
    numbers: {
      trials: trials.length,
      failed: trials.length - done.length,
      both: trials.filter(isFound).length,
      eachTrueLatent: [0, 1].map((k) => trials.filter((trial) => isLatentFound(trial, k)).length),
      twoInformative: done.filter((trial) => informativeCount(trial) === 2).length,
      medianMcc: mccs.length === 0 ? null : round(median(mccs)),
      lowestMcc: mccs.length === 0 ? null : round(Math.min(...mccs)),
    },
    tables: [augmentedTable([...trials, ...others])],
    figures: done.length === 0 ? [] : [...panelsFigure(trials), correlationFigure(trials)],
  };
}

/** Which of the true latents, the augmented one first, is found where not both are: "0 of 8 and 8 of 8". */
export function foundAlone(trials: readonly AugmentedTrial[]): {
  readonly missed: number;
  readonly augmented: number;
  readonly other: number;
} {
  const missed = trials.filter((trial) => !isFound(trial));
  const [augmented, other] = [0, 1].map((k) => missed.filter((trial) => isLatentFound(trial, k)).length);
  return { missed: missed.length, augmented, other };
}

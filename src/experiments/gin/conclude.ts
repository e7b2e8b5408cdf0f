import { median } from "../../analysis/index.js";
import { measured } from "../experiment.js";
import { round, share } from "../summary.js";
import { informativeCount, isRecovered, isSplit, type RecoveryTrial } from "./recovery.js";

/** "10 of 10 seeds recovered, median MCC 0.998, lowest 0.991". */
export function recoveryHeadline(trials: readonly RecoveryTrial[]): string {
  const mccs = measured(trials).map(({ measures }) => measures.mcc);
  if (mccs.length === 0) return `none of ${trials.length} trials could be trained`;
  const seeds = trials.length === 1 ? "seed" : "seeds";
  return (
    `the true two latents stand out in ${share(trials, isRecovered)} ${seeds}, ` +
    `median MCC ${median(mccs).toFixed(3)}, lowest ${Math.min(...mccs).toFixed(3)}`
  );
}

/** The same for programs. */
export function recoveryNumbers(trials: readonly RecoveryTrial[]): Record<string, unknown> {
  const done = measured(trials);
  const mccs = done.map(({ measures }) => measures.mcc);
  return {
    trials: trials.length,
    failed: trials.length - done.length,
    recovered: trials.filter(isRecovered).length,
    twoInformative: done.filter((trial) => informativeCount(trial) === 2).length,
    split: trials.filter(isSplit).length,
    medianMcc: mccs.length === 0 ? null : round(median(mccs)),
    lowestMcc: mccs.length === 0 ? null : round(Math.min(...mccs)),
  };
}

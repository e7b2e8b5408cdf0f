import { InputError } from "../errors.js";
import { checkLabels } from "./sample-matrix.js";

/**
 * A classifier under attack, with and without a rule that refuses samples ("Identifying Informative Latent Variables
 * Learned by GIN via Mutual Information", 2021, table 1). All in 0..1.
 */
export interface DefenceOutcome {
  /** Share of all samples that are classified wrongly, without the rule. */
  readonly errorRate: number;
  /** Share of samples that pass the rule. */
  readonly passRate: number;
  /** Share of those that pass which are classified wrongly; NaN where none passes. */
  readonly passedErrorRate: number;
  /** Share of all samples that pass and are classified wrongly. */
  readonly defendedErrorRate: number;
}

/**
 * How a classifier fares.
 *
 * @param passes 1 where the rule lets a sample pass, else 0. Shape [samples].
 * @throws InputError when shapes do not fit.
 */
export function defenceOutcome(
  predicted: Int32Array,
  labels: Int32Array,
  passes: Uint8Array,
  classes: number,
): DefenceOutcome {
  checkLabels(labels, predicted.length, classes);
  if (passes.length !== labels.length) {
    throw new InputError(`There are ${passes.length} verdicts for ${labels.length} samples.`);
  }
  let [wrong, passed, both] = [0, 0, 0];
  for (let n = 0; n < labels.length; n++) {
    const isWrong = predicted[n] !== labels[n];
    if (isWrong) wrong++;
    if (passes[n]) passed++;
    if (isWrong && passes[n]) both++;
  }
  return {
    errorRate: wrong / labels.length,
    passRate: passed / labels.length,
    passedErrorRate: both / passed,
    defendedErrorRate: both / labels.length,
  };
}

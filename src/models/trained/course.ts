import { count } from "../../data/wording.js";
import type { CommonFacts } from "../facts.js";
import type { MeanLogLikelihoods } from "../model.js";

type History = CommonFacts["history"];

/** How long a model was trained, in words; null for one that was not. */
export const courseOf = (history: History): string | null =>
  history.length === 0 ? null : count(history.length, "epoch");

/** The log-likelihoods of the last epoch. */
export function fittedOf(history: History): MeanLogLikelihoods {
  const last = history[history.length - 1];
  return { train: last?.trainLogLikelihood ?? null, heldOut: last?.heldOutLogLikelihood ?? null };
}

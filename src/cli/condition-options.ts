import { CONDITION_KINDS } from "../data/condition-reading.js";
import { choices, toggle } from "./options.js";

/** Options that say what kind of condition data have. */
export const conditionOptions = {
  conditionKind: choices(
    "what the columns of the condition hold: classes, numbers such as a time, or the probability of a class each; one kind, or one for each column (default: class)",
    CONDITION_KINDS,
  ),
  semiSupervised: toggle("take rows without a label, too: they enter through the mixture over the classes"),
} as const;

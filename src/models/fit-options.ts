import { choice, decimal } from "../options.js";
import { STANDARDISATIONS } from "./preprocessing.js";

// Options that several methods have, with the same meaning in each.

export const standardiseOption = choice(
  "how columns are scaled before the fit, undone on decode (default: auto)",
  STANDARDISATIONS,
);

export const heldOutOption = decimal("share of the samples that is held out (default: 0.1)", {
  min: 0,
  max: 0.9,
});

import { z } from "zod";
import { defineAugmentation } from "./augmentation.js";
import { parseNumber } from "./range.js";

interface Neighbours {
  readonly reach: number;
}

/** Takes rows near in time into a set: the rows of the data are in the order of time. */
export const neighbours = defineAugmentation<Neighbours>({
  name: "neighbours",
  form: "neighbours=5",
  summary: "takes rows at most so many rows away, in data whose rows are in the order of time",
  applies: ["image", "vector"],
  settings: z.object({ reach: z.int().positive() }),
  parse(value) {
    const reach = parseNumber(value);
    return reach !== undefined && Number.isInteger(reach) && reach > 0 ? { reach } : undefined;
  },
  bind: ({ reach }) => ({ kind: "row", reach }),
});

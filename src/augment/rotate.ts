import { z } from "zod";
import { defineAugmentation } from "./augmentation.js";
import { aroundZero, drawFrom, parseRange, type Range, rangeSchema } from "./range.js";

interface Rotate {
  /** Degrees, counter-clockwise. */
  readonly range: Range;
}

/** Turns an image about its centre. */
export const rotate = defineAugmentation<Rotate>({
  name: "rotate",
  form: "rotate=5 or rotate=0..5",
  summary: "turns about the centre, in degrees counter-clockwise (5: from -5 to 5)",
  applies: ["image"],
  settings: z.object({ range: rangeSchema }),
  parse(value) {
    const range = parseRange(value, aroundZero);
    return range && { range };
  },
  bind({ range }) {
    return { kind: "motion", draw: (random) => ({ turn: (Math.PI / 180) * drawFrom(range, random) }) };
  },
});

import { z } from "zod";
import { defineAugmentation } from "./augmentation.js";
import { aroundZero, drawFrom, parseRange, type Range, rangeSchema } from "./range.js";

interface Translate {
  /** Shares of the image's sides. */
  readonly range: Range;
}

/** Shifts an image along both axes, each by a share of its side. */
export const translate = defineAugmentation<Translate>({
  name: "translate",
  form: "translate=0.1 or translate=0..0.1",
  summary: "shifts along both axes, in shares of the side (0.1: from -0.1 to 0.1)",
  applies: ["image"],
  settings: z.object({ range: rangeSchema }),
  parse(value) {
    const range = parseRange(value, aroundZero);
    return range && { range };
  },
  bind({ range }, rows) {
    const { height, width } = rows.kind === "image" ? rows.image : { height: 0, width: 0 };
    return {
      kind: "motion",
      draw: (random) => ({ down: height * drawFrom(range, random), right: width * drawFrom(range, random) }),
    };
  },
});

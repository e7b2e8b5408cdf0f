import { z } from "zod";
import { defineAugmentation } from "./augmentation.js";
import { drawFrom, parseRange, type Range, rangeSchema } from "./range.js";

interface Scale {
  /** Factors above 0. */
  readonly range: Range;
}

/** Enlarges or shrinks: an image about its centre, a vector by multiplying all of its columns by one factor. */
export const scale = defineAugmentation<Scale>({
  name: "scale",
  form: "scale=0.8..1.25 or scale=1.25",
  summary: "enlarges images about the centre, multiplies vectors by a factor (1.25: from 1/1.25 to 1.25)",
  applies: ["image", "vector"],
  settings: z.object({ range: rangeSchema.refine(([from]) => from > 0, "expected factors above 0") }),
  parse(value) {
    const range = parseRange(value, (factor) => [Math.min(factor, 1 / factor), Math.max(factor, 1 / factor)]);
    return range && range[0] > 0 ? { range } : undefined;
  },
  bind({ range }, rows) {
    if (rows.kind === "image") {
      return { kind: "motion", draw: (random) => ({ factor: drawFrom(range, random) }) };
    }
    const { center, scale: units } = rows;
    return {
      kind: "values",
      normals: 0,
      draws: true,
      apply(values, at, size, _normals, _next, random) {
        const factor = random ? drawFrom(range, random) : 1;
        for (let j = 0; j < size; j++) {
          values[at + j] = factor * values[at + j] + ((factor - 1) * center[j]) / units[j];
        }
      },
    };
  },
});

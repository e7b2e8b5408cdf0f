import { z } from "zod";
import { defineAugmentation } from "./augmentation.js";
import { parseNumber } from "./range.js";

interface Jitter {
  /** Share of each column's standard deviation. */
  readonly share: number;
}

/** Adds Gaussian noise to all columns, to each in proportion to its own spread. */
export const jitter = defineAugmentation<Jitter>({
  name: "jitter",
  form: "jitter=0.1",
  summary: "adds Gaussian noise to all columns, of this share of each one's standard deviation",
  applies: ["vector"],
  settings: z.object({ share: z.number().positive() }),
  parse(value) {
    const share = parseNumber(value);
    return share !== undefined && share > 0 ? { share } : undefined;
  },
  bind({ share }, rows) {
    const deviations =
      rows.kind === "vector" ? rows.deviation.map((deviation, j) => (share * deviation) / rows.scale[j]) : [];
    return {
      kind: "values",
      normals: deviations.length,
      draws: false,
      apply(values, at, size, normals, next) {
        for (let j = 0; j < size; j++) values[at + j] += deviations[j] * normals[next + j];
      },
    };
  },
});

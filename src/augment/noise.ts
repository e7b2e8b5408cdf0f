import { z } from "zod";
import { quote, quoteList } from "../data/wording.js";
import { InputError } from "../errors.js";
import { type AugmentedRows, defineAugmentation } from "./augmentation.js";
import { parseNumber } from "./range.js";

interface Noise {
  /** null: all of them. */
  readonly columns: readonly string[] | null;
  /** In units of the data. */
  readonly deviation: number;
}

/** Adds Gaussian noise to some columns, or to all values. */
export const noise = defineAugmentation<Noise>({
  name: "noise",
  form: "noise:x1,x2=1 or noise=0.1",
  summary: "adds Gaussian noise of this standard deviation along the named columns, or to all values",
  applies: ["image", "vector"],
  takesColumns: true,
  settings: z.object({
    columns: z.array(z.string()).min(1).readonly().nullable(),
    deviation: z.number().positive(),
  }),
  parse(value, columns) {
    const deviation = parseNumber(value);
    return deviation !== undefined && deviation > 0 ? { columns: columns ?? null, deviation } : undefined;
  },
  bind({ columns, deviation }, rows) {
    if (columns === null && rows.kind === "image") {
      const { channels, height, width } = rows.padded;
      return {
        kind: "values",
        normals: channels * height * width,
        draws: false,
        apply(values, at, size, normals, next) {
          for (let j = 0; j < size; j++) values[at + j] += deviation * normals[next + j];
        },
      };
    }
    const places = placesOf(columns, rows);
    const deviations = rows.kind === "vector" ? places.map((j) => deviation / rows.scale[j]) : [];
    return {
      kind: "values",
      normals: places.length,
      draws: false,
      apply(values, at, _size, normals, next) {
        for (let k = 0; k < places.length; k++) values[at + places[k]] += deviations[k] * normals[next + k];
      },
    };
  },
});

function placesOf(columns: readonly string[] | null, rows: AugmentedRows): number[] {
  if (rows.kind === "image") {
    throw new InputError(
      `option augment: found noise along ${quoteList(columns ?? [])} for images, expected noise=X without columns`,
    );
  }
  const { names } = rows;
  if (columns === null) return names.map((_, j) => j);
  return columns.map((column) => {
    const place = names.indexOf(column);
    if (place >= 0) return place;
    throw new InputError(
      `option augment: found noise along ${quote(column)}, expected columns that vary among ${quoteList(names)}`,
    );
  });
}

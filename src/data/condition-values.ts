import { InputError } from "../errors.js";
import { readNumber } from "./numbers.js";
import { quote, quoteList } from "./wording.js";

/** A column of a condition that is a point: numbers, or classes. */
export type ConditionColumn =
  | {
      readonly kind: "continuous";
      readonly name: string;
      /** Mean and standard deviation over the samples, by which it is standardised. */
      readonly centre: number;
      readonly scale: number;
    }
  | { readonly kind: "class"; readonly name: string; readonly classes: readonly string[] };

/** The points that a condition can be. */
export interface ConditionSpace {
  readonly columns: readonly ConditionColumn[];
  /**
   * Points that stand for parts of the space, its cells, with about as many samples each: what needs classes takes these.
   * Shape [cells][columns].
   */
  readonly cells: readonly (readonly number[])[];
}

/** The condition of each sample as a point. */
export interface ConditionValues extends ConditionSpace {
  /** In each column the number, or the index of the class. Shape [samples][columns]. */
  readonly rows: Float64Array;
}

/** Numbers that stand for a point where a network takes it: one a number, one a class. */
export function inputWidth(columns: readonly ConditionColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0);
}

const widthOf = (column: ConditionColumn): number => (column.kind === "class" ? column.classes.length : 1);

/** Points as a network takes them, [sample][input]: numbers standardised, classes as one-hot vectors. */
export function encodePoints(columns: readonly ConditionColumn[], rows: ArrayLike<number>): Float32Array {
  const width = inputWidth(columns);
  const samples = rows.length / columns.length;
  const encoded = new Float32Array(samples * width);
  for (let n = 0; n < samples; n++) {
    let at = n * width;
    columns.forEach((column, c) => {
      const value = rows[n * columns.length + c];
      if (column.kind === "class") encoded[at + value] = 1;
      else encoded[at] = (value - column.centre) / column.scale;
      at += widthOf(column);
    });
  }
  return encoded;
}

/** The cell that each point is nearest to. Shape [samples]. */
export function nearestCells({ columns, cells }: ConditionSpace, rows: ArrayLike<number>): Int32Array {
  const width = inputWidth(columns);
  const centres = encodePoints(columns, cells.flat());
  const points = encodePoints(columns, rows);
  return Int32Array.from({ length: rows.length / columns.length }, (_, n) => {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c < cells.length; c++) {
      let distance = 0;
      for (let i = 0; i < width; i++) distance += (points[n * width + i] - centres[c * width + i]) ** 2;
      if (distance < least) [nearest, least] = [c, distance];
    }
    return nearest;
  });
}

/** Names of points, each unlike the others: "0.25", or of several columns "time 0.25, site B". */
export function pointNames(
  columns: readonly ConditionColumn[],
  points: readonly (readonly number[])[],
): string[] {
  const named = (digits: number) =>
    points.map((point) =>
      columns
        .map((column, c) => {
          const value =
            column.kind === "class" ? column.classes[point[c]] : String(Number(point[c].toPrecision(digits)));
          return columns.length === 1 ? value : `${column.name} ${value}`;
        })
        .join(", "),
    );
  for (let digits = 3; digits < 17; digits++) {
    const names = named(digits);
    if (new Set(names).size === points.length) return names;
  }
  return named(17);
}

/** The point that a text such as "0.3" or "0.3,B" names. Throws InputError, opened by `what`. */
export function parsePoint(columns: readonly ConditionColumn[], text: string, what: string): number[] {
  const parts = columns.length === 1 ? [text] : text.split(",");
  if (parts.length !== columns.length) {
    const names = columns.map(({ name }) => name).join(",");
    throw new InputError(
      `${what}: found "${text}", expected a value of each of ${names}, separated by commas`,
    );
  }
  return columns.map((column, c) => {
    const part = parts[c].trim();
    if (column.kind === "class") return classOf(column, part, what);
    const value = readNumber(part);
    if (Number.isFinite(value)) return value;
    throw new InputError(`${what}: found "${part}", expected a number, a value of ${quote(column.name)}`);
  });
}

function classOf({ name, classes }: ConditionColumn & { kind: "class" }, text: string, what: string): number {
  const index = classes.indexOf(text);
  if (index >= 0) return index;
  throw new InputError(
    `${what}: found class ${quote(text)} of ${quote(name)}, expected one of ${quoteList(classes)}`,
  );
}

import { type ConditionColumn, encodePoints, inputWidth } from "./condition-values.js";

/** Halvings at most, which makes 16 cells. */
const HALVINGS = 4;
/** Samples that a cell has at least. */
const SAMPLES_OF_CELL = 5;

/**
 * Divides points into cells with about as many each: they are halved at the median of the standardised number or of the
 * one-hot entry that varies most, and the halves again. Returns the middle of each cell, [cells][columns]: means of
 * numbers and the most frequent class; of one column of numbers in ascending order.
 */
export function cellsOf(columns: readonly ConditionColumn[], rows: Float64Array): number[][] {
  const width = inputWidth(columns);
  const points = encodePoints(columns, rows);
  const leaves: Int32Array[] = [];
  const divide = (members: Int32Array, halvings: number): void => {
    const halves = halvings > 0 && halve(points, width, members);
    if (!halves || halves.some(({ length }) => length < SAMPLES_OF_CELL)) leaves.push(members);
    else for (const half of halves) divide(half, halvings - 1);
  };
  divide(
    Int32Array.from({ length: rows.length / columns.length }, (_, n) => n),
    HALVINGS,
  );
  const middles = leaves.map((members) =>
    columns.map((column, c) => middle(column, rows, columns.length, c, members)),
  );
  return [...new Map(middles.map((point) => [point.join(), point])).values()];
}

/** The members below or at, and above, the median of the entry that varies most; undefined where none varies. */
function halve(
  points: Float32Array,
  width: number,
  members: Int32Array,
): [Int32Array, Int32Array] | undefined {
  let [widest, most] = [-1, 1e-12];
  for (let i = 0; i < width; i++) {
    let [sum, squares] = [0, 0];
    for (const n of members) {
      const value = points[n * width + i];
      sum += value;
      squares += value * value;
    }
    const variance = squares / members.length - (sum / members.length) ** 2;
    if (variance > most) [widest, most] = [i, variance];
  }
  if (widest < 0) return undefined;
  const entryOf = (n: number) => points[n * width + widest];
  const sorted = Float32Array.from(members, entryOf).sort();
  const median = sorted[(sorted.length - 1) >> 1];
  // Where the median is the largest value, what equals it makes the upper half.
  const isLow =
    median < sorted[sorted.length - 1]
      ? (n: number) => entryOf(n) <= median
      : (n: number) => entryOf(n) < median;
  return [members.filter(isLow), members.filter((n) => !isLow(n))];
}

function middle(
  column: ConditionColumn,
  rows: Float64Array,
  width: number,
  c: number,
  members: Int32Array,
): number {
  if (column.kind === "continuous") {
    return members.reduce((sum, n) => sum + rows[n * width + c] / members.length, 0);
  }
  const counts = new Int32Array(column.classes.length);
  for (const n of members) counts[rows[n * width + c]]++;
  return counts.indexOf(Math.max(...counts));
}

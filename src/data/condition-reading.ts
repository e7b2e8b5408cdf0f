import { cellsOf } from "./condition-cells.js";
import { type ConditionColumn, nearestCells, pointNames } from "./condition-values.js";
import type { Condition } from "./dataset.js";
import { conditionOf, problemWithClass } from "./labels.js";
import { problemWithCell, readNumber } from "./numbers.js";
import type { ReadOptions } from "./options.js";
import { count, quote, refuse } from "./wording.js";

/** What a column of a condition holds: classes, numbers, or probabilities of the class it is named after. */
export const CONDITION_KINDS = ["class", "continuous", "soft"] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** A column of a condition as it is read. */
export interface NamedColumn {
  readonly name: string;
  readonly kind: ConditionKind;
}

/** Whether options ask for conditions that are not classes, whatever columns there are. */
export const asksForValues = ({ conditionKind = [] }: ReadOptions): boolean =>
  conditionKind.some((kind) => kind !== "class");

/**
 * The columns that `--condition` names, each with its kind: all of one kind, or of a kind each. Throws InputError where
 * kinds and columns do not go together.
 */
export function namedColumns(
  source: string,
  names: readonly string[],
  kinds: readonly ConditionKind[] = ["class"],
): NamedColumn[] {
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) refuse(`${source}: --condition lists column ${quote(doubled)} twice`);
  if (kinds.length !== 1 && kinds.length !== names.length) {
    refuse(
      `${source}: found ${count(kinds.length, "kind")} in --condition-kind for ${count(names.length, "column")} of the ` +
        "condition, expected one for all or one for each",
    );
  }
  const columns = names.map((name, index) => ({ name, kind: kinds[kinds.length === 1 ? 0 : index] }));
  const soft = columns.filter(({ kind }) => kind === "soft").length;
  if (soft > 0 && soft < columns.length) {
    refuse(`${source}: found soft labels beside other columns of the condition, expected them alone`);
  }
  if (soft === 1) {
    refuse(
      `${source}: found one column of soft labels, expected one for each class, as in --condition p1,p2,p3`,
    );
  }
  return columns;
}

/** What is wrong with a cell of a column; undefined where it can be used. */
export function problemWithCondition(text: string, kind: ConditionKind): string | undefined {
  if (kind === "class") return problemWithClass(text);
  return Number.isFinite(readNumber(text)) ? undefined : problemWithCell(text);
}

/** The condition whose columns hold these texts, [column][sample], which have been checked. Throws InputError. */
export function conditionOfColumns(
  source: string,
  columns: readonly NamedColumn[],
  texts: readonly (readonly string[])[],
): Condition {
  const name = columns.map((column) => column.name).join(", ");
  if (columns[0].kind === "soft") return softCondition(source, name, columns, texts);
  const samples = texts[0].length;
  const rows = new Float64Array(samples * columns.length);
  const described = columns.map((column, c): ConditionColumn => {
    const put = (values: ArrayLike<number>) => {
      for (let n = 0; n < samples; n++) rows[n * columns.length + c] = values[n];
    };
    if (column.kind === "class") {
      const { classes, labels } = conditionOf(column.name, texts[c]);
      put(labels);
      return { kind: "class", name: column.name, classes };
    }
    const values = Float64Array.from(texts[c], readNumber);
    put(values);
    return { kind: "continuous", name: column.name, ...momentsOf(values) };
  });
  return conditionOfPoints(name, described, rows);
}

/** The condition that is a point for each sample, with cells of its own as classes. */
export function conditionOfPoints(
  name: string,
  columns: readonly ConditionColumn[],
  rows: Float64Array,
): Condition {
  const space = { columns, cells: cellsOf(columns, rows) };
  return {
    name,
    classes: pointNames(columns, space.cells),
    labels: nearestCells(space, rows),
    values: { ...space, rows },
  };
}

/** A condition of one column of numbers, for data that are made. */
export function continuousCondition(name: string, values: Float64Array): Condition {
  return conditionOfPoints(name, [{ kind: "continuous", name, ...momentsOf(values) }], values);
}

function momentsOf(values: Float64Array): { centre: number; scale: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { centre: mean, scale: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** Sums of probabilities may differ from 1 by so much, as rounded ones do. */
const ROUNDING = 0.01;

function softCondition(
  source: string,
  name: string,
  columns: readonly NamedColumn[],
  texts: readonly (readonly string[])[],
): Condition {
  const classes = columns.map((column) => column.name);
  const samples = texts[0].length;
  const probabilities = new Float64Array(samples * classes.length);
  const labels = new Int32Array(samples);
  for (let n = 0; n < samples; n++) {
    const row = texts.map((column) => readNumber(column[n]));
    const sum = row.reduce((total, value) => total + value, 0);
    const negative = row.findIndex((value) => value < 0);
    if (negative >= 0) {
      refuse(
        `${source}, row ${n + 1}, column ${quote(classes[negative])}: found ${row[negative]}, expected a probability`,
      );
    }
    if (Math.abs(sum - 1) > ROUNDING) {
      refuse(
        `${source}, row ${n + 1}: found probabilities of the classes that add up to ${Number(sum.toPrecision(4))}, expected 1`,
      );
    }
    row.forEach((value, c) => {
      probabilities[n * classes.length + c] = value / sum;
    });
    labels[n] = row.indexOf(Math.max(...row));
  }
  return { name, classes, labels, probabilities };
}

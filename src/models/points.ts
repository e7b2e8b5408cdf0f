import { type ConditionColumn, type ConditionSpace, pointNames } from "../data/condition-values.js";
import { InputError } from "../errors.js";
import type { ModelCondition } from "./facts.js";

// What models have in common whose conditions are points.

/** As `cannot` says it. */
export const POINTS_CANNOT_BE_CLASSIFIED =
  "it was fitted to a condition that is a point, not a class, so that there are no classes to tell apart";

/** The points that a model's conditions can be. Throws InputError for a model whose conditions are classes. */
export function expectPoints({ values, name }: ModelCondition): ConditionSpace {
  if (values) return values;
  throw new InputError(
    `condition ${JSON.stringify(name)}: the model was fitted to its classes, found a point`,
  );
}

/** Names of points [point][column]. */
export function namesOfPoints(columns: readonly ConditionColumn[], points: Float64Array): string[] {
  const width = columns.length;
  const rows = Array.from({ length: points.length / width }, (_, n) =>
    Array.from(points.subarray(n * width, (n + 1) * width)),
  );
  return pointNames(columns, rows);
}

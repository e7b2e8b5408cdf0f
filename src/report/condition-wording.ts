import { count } from "../data/wording.js";
import type { ModelCondition } from "../models/facts.js";

/** What the columns of a condition that is a point hold, in words. */
export function pointsText({ values }: Pick<ModelCondition, "values">): string | undefined {
  if (!values) return undefined;
  const [first, ...others] = values.columns.map((column) =>
    column.kind === "continuous" ? "a number" : count(column.classes.length, "class", "classes"),
  );
  if (others.length === 0) return first;
  const named = values.columns.map(({ name }, k) => `${name} (${[first, ...others][k]})`);
  return `a point: ${named.join(", ")}`;
}

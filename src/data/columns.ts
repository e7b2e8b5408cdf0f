import { type NamedColumn, namedColumns } from "./condition-reading.js";
import type { ReadOptions } from "./options.js";
import { quote, quoteList, refuse } from "./wording.js";

/** Which columns of a table are read, as positions in its list of names. */
export interface ColumnChoice {
  readonly features: readonly number[];
  /** The column of classes. */
  readonly condition?: number | undefined;
  /** Where the condition is something else: its columns. */
  readonly values?: readonly (NamedColumn & { readonly position: number })[] | undefined;
}

/**
 * Decides which columns of a table are features and which are the condition. Throws InputError for
 * names that are missing, doubled, unknown, or used twice, and for a table without feature columns.
 */
export function chooseColumns(source: string, names: readonly string[], options: ReadOptions): ColumnChoice {
  checkNames(source, names);
  const conditions = conditionColumns(source, names, options);
  if (conditions.length === 0 && options.requireCondition) refuseWithoutColumn(source, names);
  const isClass = conditions.length === 1 && conditions[0].kind === "class";
  const choice = isClass
    ? { condition: conditions[0].position }
    : { values: conditions.length > 0 ? conditions : undefined };
  const taken = conditions.map(({ position }) => position);
  if (options.features === undefined) {
    const features = names.map((_, index) => index).filter((index) => !taken.includes(index));
    if (features.length === 0) {
      const only = quoteList(conditions.map(({ name }) => name));
      refuse(`${source}: found no feature column, only the condition ${only}, expected at least one more`);
    }
    return { features, ...choice };
  }
  const features = chooseNamed(source, names, options.features);
  const both = taken.find((position) => features.includes(position));
  if (both !== undefined) {
    refuse(`${source}: column ${quote(names[both])} is the condition and also listed in --features`);
  }
  return { features, ...choice };
}

/** The columns of the condition; a name with a comma in it is looked for as a whole first. */
function conditionColumns(
  source: string,
  names: readonly string[],
  { condition, conditionKind, semiSupervised }: ReadOptions,
): (NamedColumn & { readonly position: number })[] {
  if (condition === undefined) return [];
  const wanted = names.includes(condition) ? [condition] : condition.split(",").map((name) => name.trim());
  const columns = namedColumns(source, wanted, conditionKind).map((column) => ({
    ...column,
    position: positionOf(source, names, column.name, "condition", "--condition"),
  }));
  if (semiSupervised && (columns.length > 1 || columns[0].kind !== "class")) {
    refuse(
      `${source}: found --semi-supervised with a condition that is not one column of classes, expected it alone`,
    );
  }
  return columns;
}

/** Positions of the wanted columns. Throws InputError for an unknown name or one that is listed twice. */
export function chooseNamed(source: string, names: readonly string[], wanted: readonly string[]): number[] {
  const doubled = wanted.find((name, index) => wanted.indexOf(name) !== index);
  if (doubled !== undefined) refuse(`${source}: --features lists column ${quote(doubled)} twice`);
  return wanted.map((name) => positionOf(source, names, name, "feature", "--features"));
}

function positionOf(
  source: string,
  names: readonly string[],
  name: string,
  role: string,
  flag: string,
): number {
  const position = names.indexOf(name);
  if (position >= 0) return position;
  return refuse(`${source}: no ${role} column ${quote(name)} (${flag}); its columns are ${quoteList(names)}`);
}

function checkNames(source: string, names: readonly string[]): void {
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    if (name === "") refuse(`${source}: column ${index + 1} has no name in the header`);
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      refuse(`${source}: columns ${earlier + 1} and ${index + 1} are both named ${quote(name)}`);
    }
    seen.set(name, index);
  });
}

function refuseWithoutColumn(source: string, names: readonly string[]): never {
  return refuse(
    `${source}: no condition given; name the column with the class of each row with --condition ` +
      `(its columns are ${quoteList(names)})`,
  );
}

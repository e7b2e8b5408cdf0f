import type { ReadOptions } from "./options.js";
import { quote, quoteList, refuse } from "./wording.js";

/** Which columns of a table are read, as positions in its list of names. */
export interface ColumnChoice {
  readonly features: readonly number[];
  readonly condition?: number | undefined;
}

/**
 * Decides which columns of a table are features and which one is the condition. Throws InputError for
 * names that are missing, doubled, unknown, or used twice, and for a table without feature columns.
 */
export function chooseColumns(source: string, names: readonly string[], options: ReadOptions): ColumnChoice {
  checkNames(source, names);
  const condition =
    options.condition === undefined
      ? undefined
      : positionOf(source, names, options.condition, "condition", "--condition");
  if (condition === undefined && options.requireCondition) refuseWithoutColumn(source, names);
  if (options.features === undefined) {
    const features = names.map((_, index) => index).filter((index) => index !== condition);
    if (features.length === 0) {
      const only = quote(names[0]);
      refuse(`${source}: found no feature column, only the condition ${only}, expected at least one more`);
    }
    return { features, condition };
  }
  const features = chooseNamed(source, names, options.features);
  if (condition !== undefined && features.includes(condition)) {
    refuse(`${source}: column ${quote(names[condition])} is the condition and also listed in --features`);
  }
  return { features, condition };
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

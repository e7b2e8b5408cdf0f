import { InputError } from "../errors.js";
import type { Method } from "../models/method.js";
import { methodNamed, methods } from "../models/methods.js";
import { flagOf } from "./option-values.js";
import { choice, type Option, type OptionTable } from "./options.js";

/** Fitted where nothing else is said. */
const [standard] = methods;

const namesOf = (some: readonly Method[]): string => some.map(({ name }) => name).join(", ");

const takersOf = (option: string, among: readonly Method[]): readonly Method[] =>
  among.filter(({ options }) => options[option]);

/** `--method` of a verb that takes some of the methods. */
export function methodOptionOf(taken: readonly Method[]): Option<string> {
  const summaries = taken.map(({ name, summary }) => `${name}, ${summary}`).join("; ");
  const names = taken.map(({ name }) => name) as [string, ...string[]];
  return {
    ...choice(`what to fit (default: ${standard.name}): ${summaries}`, names),
    expected: names.join(", "),
  };
}

/** The options of some methods in one table; the help says which methods take those that not all have. */
export function methodOptionsOf(taken: readonly Method[]): OptionTable {
  return Object.fromEntries(
    [...new Set(taken.flatMap(({ options }) => Object.keys(options)))].map((name) => {
      const takers = takersOf(name, taken);
      const option = takers[0].options[name];
      const only = takers.length < taken.length ? ` [${namesOf(takers)}]` : "";
      return [name, { ...option, description: option.description + only }];
    }),
  );
}

export const methodOption = methodOptionOf(methods);
export const methodOptions = methodOptionsOf(methods);

/**
 * The method that is asked for, and what was said for it. Throws InputError for an option of another method: it
 * would have no effect.
 */
export function chosenMethod(said: Readonly<Record<string, unknown>>): {
  method: Method;
  settings: Record<string, unknown>;
} {
  const method = methodNamed((said.method as string | undefined) ?? standard.name, "option --method");
  const given = Object.keys(methodOptions).filter((name) => said[name] !== undefined);
  const strange = given.find((name) => !method.options[name]);
  if (strange !== undefined) {
    const unsaid = said.method === undefined ? " (the default)" : "";
    throw new InputError(
      `option ${flagOf(strange)}: found with --method ${method.name}${unsaid}, which does not take it, expected only with ${namesOf(takersOf(strange, methods))}`,
    );
  }
  return { method, settings: Object.fromEntries(given.map((name) => [name, said[name]])) };
}

import { InputError } from "../errors.js";
import type { Method } from "../models/method.js";
import { methodNamed, methods } from "../models/methods.js";
import { flagOf } from "./option-values.js";
import { choice, type Option, type OptionTable } from "./options.js";

/** Fitted where nothing else is said. */
const [standard] = methods;

const names = methods.map(({ name }) => name) as [string, ...string[]];

export const methodOption: Option<string> = {
  ...choice(
    `what to fit (default: ${standard.name}): ${methods.map(({ name, summary }) => `${name}, ${summary}`).join("; ")}`,
    names,
  ),
  expected: names.join(", "),
};

/** The options of all methods in one table; the help says which methods take those that not all have. */
export const methodOptions: OptionTable = Object.fromEntries(
  [...new Set(methods.flatMap(({ options }) => Object.keys(options)))].map((name) => {
    const takers = methods.filter(({ options }) => options[name]);
    const option = takers[0].options[name];
    const only = takers.length < methods.length ? ` [${takers.map((method) => method.name).join(", ")}]` : "";
    return [name, { ...option, description: option.description + only }];
  }),
);

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
    const own = Object.keys(method.options).map(flagOf).join(", ");
    throw new InputError(
      `option ${flagOf(strange)}: found with --method ${method.name}, which does not take it, expected its options: ${own}`,
    );
  }
  return { method, settings: Object.fromEntries(given.map((name) => [name, said[name]])) };
}

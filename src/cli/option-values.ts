import { InputError } from "../errors.js";
import type { ConfigFile } from "./config-file.js";
import type { OptionTable, OptionValues } from "./options.js";

/** `heldOut` as it is typed: `--held-out`. */
export const flagOf = (name: string): string => `--${kebab(name)}`;

/** camelCase as kebab-case. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Options as an action receives them: what the flags say, then what the configuration file says. Throws InputError
 * naming the option (or the file and its key), what was found and what was expected, for a value that does not fit,
 * a key that is no option, and a required option that neither names.
 */
export function optionValues<O extends OptionTable>(
  table: O,
  flags: Readonly<Record<string, unknown>>,
  config?: ConfigFile,
): OptionValues<O> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config?.values ?? {})) {
    values[key] = parse(table, key, value, `${config?.path}, key ${config?.keys[key]}`);
  }
  for (const [name, value] of Object.entries(flags)) {
    if (table[name] !== undefined) values[name] = parse(table, name, value, `option ${flagOf(name)}`);
  }
  for (const [name, option] of Object.entries(table)) {
    if (option.required && values[name] === undefined) {
      throw new InputError(`option ${flagOf(name)}: missing, expected ${option.expected}`);
    }
  }
  return values as OptionValues<O>;
}

function parse(table: OptionTable, name: string, value: unknown, where: string): unknown {
  const { schema, expected } = table[name];
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InputError(`${where}: found ${JSON.stringify(value)}, expected ${expected}`);
}

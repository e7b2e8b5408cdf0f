import { readFile } from "node:fs/promises";
import { InputError } from "../errors.js";
import { kebab } from "./option-values.js";
import type { OptionTable } from "./options.js";

/** The settings of a configuration file, by the names of the options. */
export interface ConfigFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** How the file spells each name. */
  readonly keys: Readonly<Record<string, string>>;
}

/**
 * Reads a configuration file, YAML or JSON (which is YAML): a mapping from the names of flags, in camelCase or
 * kebab-case and without the dashes, to their values. Throws InputError naming the file and the key for anything
 * that is no option of the verb.
 */
export async function readConfigFile(path: string, table: OptionTable): Promise<ConfigFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === "ENOENT"
        ? "no such file"
        : error.code === "EISDIR"
          ? "found a directory, expected a file"
          : error.message;
    throw new InputError(`${path}: ${reason}`);
  });
  const entries = Object.entries(await parseMapping(path, text));
  const values: Record<string, unknown> = {};
  const keys: Record<string, string> = {};
  for (const [key, value] of entries) {
    const name = Object.keys(table).find((option) => option === key || kebab(option) === key);
    if (name === undefined) {
      throw new InputError(
        `${path}: unknown key ${JSON.stringify(key)}, expected the name of an option without its dashes, as --help lists them`,
      );
    }
    if (keys[name] !== undefined) {
      throw new InputError(`${path}: keys ${keys[name]} and ${key} say the same thing, expected one of them`);
    }
    values[name] = value;
    keys[name] = key;
  }
  return { path, values, keys };
}

async function parseMapping(path: string, text: string): Promise<object> {
  const { parseDocument } = await import("yaml");
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    throw new InputError(
      `${path}: neither YAML nor JSON: ${problem.message.split("\n")[0].replace(/:$/, "")}`,
    );
  }
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new InputError(
      `${path}: found ${Array.isArray(content) ? "a list" : typeof content}, expected names of options with their values`,
    );
  }
  return content;
}

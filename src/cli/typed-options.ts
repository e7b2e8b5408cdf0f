import { type ConditionedDataset, isTaken, unusualCondition } from "../data/check.js";
import { InputError } from "../errors.js";
import type { Method, PlannedFit } from "../models/method.js";
import { methods } from "../models/methods.js";
import { methodOptions } from "./method-options.js";
import { flagOf } from "./option-values.js";

/** What the library calls otherwise than the command. */
const typedNames: Readonly<Record<string, string>> = {
  learningRate: "lr",
  priorLearningRate: "priorLr",
};

/** Flags of the library's messages with those that a verb has in their place, as in `{ "--condition": "--segments" }`. */
export type RenamedFlags = Readonly<Record<string, string>>;

/**
 * Does work whose errors name options as the library does, "option heldOut", or as most verbs do, and tells them as they are
 * typed: "option --held-out".
 */
export async function inTypedOptions<T>(work: () => Promise<T>, renamed: RenamedFlags = {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = renameFlags(nameFlags(error.message), renamed);
    throw message === error.message ? error : new InputError(message);
  }
}

/** A fit whose errors name options as they are typed. Throws InputError for a condition that the method does not take, too. */
export async function planTyped(
  method: Method,
  dataset: ConditionedDataset,
  settings: Readonly<Record<string, unknown>>,
): Promise<PlannedFit> {
  expectTaken(method, dataset);
  const code = await method.load();
  return inTypedOptions(() => code.plan(dataset, settings));
}

function expectTaken({ name, takes = "classes" }: Method, dataset: ConditionedDataset): void {
  const { condition } = dataset;
  if (isTaken(condition, takes)) return;
  const able = methods.filter((method) => isTaken(condition, method.takes ?? "classes"));
  throw new InputError(
    `${dataset.name}: found ${unusualCondition(condition)} with --method ${name}, which takes a class for each sample, expected --method ${able.map((method) => method.name).join(" or ")}`,
  );
}

function nameFlags(message: string): string {
  return message.replace(/\boption (\w+)/g, (said, name: string) => {
    const typed = typedNames[name] ?? name;
    return methodOptions[typed] ? `option ${flagOf(typed)}` : said;
  });
}

function renameFlags(message: string, renamed: RenamedFlags): string {
  return Object.entries(renamed).reduce(
    (text, [flag, own]) => text.replace(new RegExp(`${flag}(?![\\w-])`, "g"), own),
    message,
  );
}

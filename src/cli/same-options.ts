import { InputError } from "../errors.js";
import { flagOf } from "./option-values.js";

/** Options by their names, as flags and configuration file said them. */
type Said = Readonly<Record<string, unknown>>;

/**
 * Throws InputError naming the first of some options that is not what it was for an earlier fit, which `whose` names;
 * `advice` says what can be done instead.
 */
export function expectSameOptions(
  before: Said,
  now: Said,
  { names, whose, advice = "" }: { names: Iterable<string>; whose: string; advice?: string },
): void {
  for (const name of names) {
    const [was, is] = [before[name], now[name]].map((value) => JSON.stringify(value) ?? "nothing");
    if (was === is) continue;
    const what = name === "data" ? "argument data" : `option ${flagOf(name)}`;
    throw new InputError(`${what}: found ${is}, expected ${was} as in ${whose}${advice}`);
  }
}

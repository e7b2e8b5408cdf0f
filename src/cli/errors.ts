import { CommanderError } from "commander";
import { InputError } from "../errors.js";

/** What the command hands back to the shell. */
export const exitCodes = { success: 0, failure: 1, input: 2, SIGINT: 130, SIGTERM: 143 } as const;

/** Work that was stopped by Ctrl-C or by a request to terminate; the message says how to go on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor(
    readonly signal: "SIGINT" | "SIGTERM",
    message: string,
  ) {
    super(message);
  }
}

/** What to tell the user, and the exit code; nothing to tell where `message` is null. */
export interface Explanation {
  readonly message: string | null;
  readonly code: number;
}

/** Explains anything that was thrown while `verb` ran. With `debug` the message is a stack trace. */
export function explain(
  error: unknown,
  { debug = false, verb }: { debug?: boolean; verb?: string } = {},
): Explanation {
  if (error instanceof CommanderError) return explainUsage(error, verb);
  const reason = oneLine(error instanceof Error ? error.message || error.name : String(error));
  if (error instanceof Interrupted) return { message: reason, code: exitCodes[error.signal] };
  const message = debug && error instanceof Error && error.stack ? error.stack : reason;
  return { message, code: error instanceof InputError ? exitCodes.input : exitCodes.failure };
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, " ").trim();

/** What commander says, in our words; help and version, which it also throws, are no errors. */
function explainUsage(error: CommanderError, verb: string | undefined): Explanation {
  if (error.exitCode === 0) return { message: null, code: exitCodes.success };
  if (error.code === "commander.help") return { message: null, code: exitCodes.input };
  const sentence = rewordings.reduce(
    (text, [pattern, words]) => text.replace(pattern, words),
    oneLine(error.message.replace(/^error: /, "")),
  );
  return { message: `${sentence}; see: unmix ${verb ? `${verb} ` : ""}--help`, code: exitCodes.input };
}

const rewordings: readonly (readonly [RegExp, string])[] = [
  [/^unknown option '(.*?)'/, "option $1: no such option"],
  [/^option '(--\S+) (.*?)' argument missing/, "option $1: found no value, expected $2"],
  [/^missing required argument '(.*?)'/, "argument $1: missing, expected its value after the verb"],
  [/^unknown command '(.*?)'/, "verb $1: no such verb"],
  [
    /^too many arguments(?: for '.*?')?\. Expected (\d+) arguments? but got (\d+)\.?/,
    "arguments: found $2, expected $1",
  ],
  [/ \(Did you mean (.*?)\?\)/, ", perhaps you mean $1"],
];

import { InputError } from "../errors.js";

/** Ends the work on a bad input with one sentence, whatever line breaks its parts carried. */
export function refuse(sentence: string): never {
  throw new InputError(sentence.replace(/\s*[\r\n]+\s*/g, " "));
}

/** A value as messages quote it: one line, at most 40 characters. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);
}

/** Names for a message, at most `limit` of them: `"a", "b" and 3 more`. */
export function quoteList(values: readonly string[], limit = 12): string {
  const shown = values.slice(0, limit).map(quote).join(", ");
  return values.length > limit ? `${shown} and ${values.length - limit} more` : shown;
}

/** A count with its noun and separators between the thousands: `1 row`, `1,000 rows`. */
export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${value.toLocaleString("en-US")} ${value === 1 ? singular : plural}`;
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { z } from "zod";

/** One option of a verb or of a fitting method: what the help says, and how its text becomes a value. */
export interface Option<T> {
  /** What stands for the value in the help; absent for a switch. */
  readonly placeholder?: string;
  /** A switch that `--no-NAME` turns off. */
  readonly negatable?: boolean;
  readonly description: string;
  /** The second half of "found ..., expected ...". */
  readonly expected: string;
  readonly schema: z.ZodType<T>;
  readonly required?: boolean;
}

/** An option that must be given. */
export type Required<T> = Option<T> & { readonly required: true };

/** Options by their names in camel case. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** What an action receives. */
export type OptionValues<O extends OptionTable> = {
  readonly [K in keyof O]: O[K] extends Required<infer T>
    ? T
    : O[K] extends Option<infer T>
      ? T | undefined
      : never;
};

/** Decimal notation; Number() alone would also take "", "0x10" and "Infinity". */
const decimalText = z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i);
const numeric = z.union([z.number(), decimalText.transform(Number)]);
/** A text that is not the next option, as in `--out --json`; a number in a configuration file is a text, too. */
const plainText = z.union([
  z
    .string()
    .min(1)
    .regex(/^(?!--)/),
  z.number().transform(String),
]);

interface Bounds {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
}

/** `--batch <n>`: a whole number. */
export function wholeNumber(description: string, { min = 0, max }: Bounds = {}): Option<number> {
  const schema = numeric.pipe(
    z
      .int()
      .min(min)
      .max(max ?? Number.MAX_SAFE_INTEGER),
  );
  const upTo = max === undefined ? "" : ` to ${max.toLocaleString("en-US")}`;
  return { placeholder: "<n>", description, schema, expected: `a whole number from ${min}${upTo}` };
}

/** `--noise <x>`: a number. */
export function decimal(description: string, { min, above, max }: Bounds = {}): Option<number> {
  let range = z.number();
  if (min !== undefined) range = range.min(min);
  if (above !== undefined) range = range.gt(above);
  if (max !== undefined) range = range.max(max);
  const from = above !== undefined ? ` above ${above}` : min !== undefined ? ` from ${min}` : "";
  const to = max === undefined ? "" : above !== undefined ? `, at most ${max}` : ` to ${max}`;
  return { placeholder: "<x>", description, schema: numeric.pipe(range), expected: `a number${from}${to}` };
}

/** `--epsilon <0.1,0.2>`: numbers, separated by commas. */
export function decimals(description: string, { min }: Pick<Bounds, "min"> = {}): Option<readonly number[]> {
  const one = min === undefined ? z.number() : z.number().min(min);
  const toNumber = (part: string) => decimalText.transform(Number).catch(Number.NaN).parse(part.trim());
  const parts = plainText.transform((value) => value.split(",").map(toNumber));
  const schema = z.union([z.array(one), parts]).pipe(z.array(one).min(1));
  const from = min === undefined ? "" : ` from ${min}`;
  return { placeholder: "<x,y>", description, schema, expected: `numbers${from}, separated by commas` };
}

/** `--attack <a,b>`: some of some words, separated by commas. */
export function choices<const T extends readonly [string, ...string[]]>(
  description: string,
  words: T,
): Option<readonly T[number][]> {
  const parts = plainText.transform((value) => value.split(",").map((part) => part.trim()));
  const schema = z.union([z.array(z.string()), parts]).pipe(z.array(z.enum(words)).min(1));
  const named = `some of ${words.join(", ")}, separated by commas`;
  return { placeholder: `<${words.join(",")}>`, description, schema, expected: named };
}

/** `--prior <kind>`: one of some words. */
export function choice<const T extends readonly [string, ...string[]]>(
  description: string,
  words: T,
): Option<T[number]> {
  const named = `${words.slice(0, -1).join(", ")} or ${words[words.length - 1]}`;
  return { placeholder: `<${words.join("|")}>`, description, schema: z.enum(words), expected: named };
}

/** `--condition <column>`: a text that is not empty. */
export function text(description: string, placeholder: string, expected: string): Option<string> {
  return { placeholder: `<${placeholder}>`, description, schema: plainText, expected };
}

/** `--truth <file>`: a path. */
export const file = (description: string): Option<string> => text(description, "file", "the name of a file");

/** `--features <a,b,c>`: names, separated by commas. */
export function names(description: string): Option<readonly string[]> {
  const parts = plainText.transform((value) => value.split(",").map((part) => part.trim()));
  const schema = z.union([z.array(plainText), parts]).pipe(z.array(z.string().min(1)).min(1));
  return { placeholder: "<a,b,c>", description, schema, expected: "names separated by commas" };
}

/** `--latents <0,3>`: whole numbers from 0, separated by commas. */
export function indices(description: string): Option<readonly number[]> {
  const index = z.int().min(0);
  const toNumber = (part: string) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN);
  const parts = plainText.transform((value) => value.split(",").map(toNumber));
  const schema = z.union([z.array(index), parts]).pipe(z.array(index).min(1));
  return { placeholder: "<0,3>", description, schema, expected: "whole numbers from 0, separated by commas" };
}

/** `--json`: on or off. */
export function toggle(description: string, options: { readonly negatable?: boolean } = {}): Option<boolean> {
  return { ...options, description, schema: z.boolean(), expected: "true or false" };
}

/** The option, which must be given. */
export function required<T>(option: Option<T>): Required<T> {
  return { ...option, required: true };
}

export const seedOption = wholeNumber("seed of everything random (default: 0)", { max: 4294967295 });

const threadCount = z.union([z.literal("auto"), numeric.pipe(z.int().min(1).max(256))]);

export const threadsOption: Option<number | "auto"> = {
  placeholder: "<n|auto>",
  description:
    "threads to train on (default: auto, all cores where batches are large enough); the same number gives the same result",
  schema: threadCount,
  expected: "a whole number from 1 to 256, or auto",
};

/** `--threads` as the fit takes it: the number, or undefined where it decides. */
export const threadsOf = (said: number | "auto" | undefined): number | undefined =>
  said === "auto" ? undefined : said;

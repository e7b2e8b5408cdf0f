import { z } from "zod";
import type { Random } from "../engine/random.js";

/** Numbers from `from` to `to`. */
export type Range = readonly [from: number, to: number];

export const rangeSchema: z.ZodType<Range> = z
  .tuple([z.number(), z.number()])
  .readonly()
  .refine(([from, to]) => from <= to, "expected the smaller number first");

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
const number = new RegExp(`^${NUMBER}$`, "i");
const range = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})$`, "i");

/** A number in decimal notation; undefined where the text is none. */
export const parseNumber = (text: string): number | undefined =>
  number.test(text) ? Number(text) : undefined;

/** The range in `0.8..1.25`, or of one number a what `around` makes of it; undefined where the text is neither. */
export function parseRange(text: string, around: (value: number) => Range): Range | undefined {
  const single = parseNumber(text);
  if (single !== undefined) return around(single);
  const [, from, to] = range.exec(text) ?? [];
  if (from === undefined || Number(from) > Number(to)) return undefined;
  return [Number(from), Number(to)];
}

/** From -|a| to |a|. */
export const aroundZero = (value: number): Range => [-Math.abs(value), Math.abs(value)];

/** A number of a range, all equally likely. */
export const drawFrom = ([from, to]: Range, random: Random): number => from + (to - from) * random.uniform();

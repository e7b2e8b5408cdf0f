import { quote } from "./wording.js";

/** Everything below this rounds to a finite float32: the largest one and half a step. */
const float32Limit = 2 ** 128 - 2 ** 103;

const missing = new Set(["", "na", "n/a", "null", "none", "?"]);
const nonFinite = new Set(["nan", "inf", "infinity"]);

/** True where a value can be kept as a float32: finite and within its range. */
export function fitsFloat32(value: number): boolean {
  return Math.abs(value) < float32Limit;
}

/** The number that a cell of text holds; NaN where it holds none (empty, words, hexadecimal). */
export function readNumber(text: string): number {
  const value = Number(text);
  if (value === 0 && text.trim() === "") return Number.NaN;
  if (text.length > 2 && /^\s*0[xob]/i.test(text)) return Number.NaN;
  return value;
}

/** True for a cell that belongs in a numeric column, even where its value is missing or not finite. */
export function isNumericCell(text: string): boolean {
  if (!Number.isNaN(readNumber(text))) return true;
  const word = text.trim().toLowerCase().replace(/^[+-]/, "");
  return missing.has(word) || nonFinite.has(word);
}

/** Says what is wrong with a cell that `fitsFloat32(readNumber(text))` turned down. */
export function problemWithCell(text: string): string {
  const word = text.trim().toLowerCase().replace(/^[+-]/, "");
  if (word === "") return "found an empty cell, expected a number (remove the row or fill in the value)";
  if (missing.has(word)) {
    return `found the missing value ${quote(text)}, expected a number (remove the row or fill in the value)`;
  }
  if (nonFinite.has(word)) return `found ${quote(text)}, expected a finite number`;
  const value = readNumber(text);
  return Number.isNaN(value) ? `found ${quote(text)}, expected a number` : problemWithNumber(value, text);
}

/** Says what is wrong with a number that `fitsFloat32` turned down. */
export function problemWithNumber(value: number, text = String(value)): string {
  if (Number.isFinite(value)) {
    return `found ${text}, expected a number within the range of float32 (at most 3.4e38)`;
  }
  return `found ${text}, expected a finite number`;
}

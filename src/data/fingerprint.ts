import type { Dataset } from "./dataset.js";

/**
 * Tells data sets apart: FNV-1a over shape, the bits of the features, class names and labels, as 8 hexadecimal
 * digits. It guards against mistakes, not against forgery.
 */
export function fingerprint({ samples, width, features, condition }: Dataset): string {
  let hash = 0x811c9dc5;
  const add = (word: number) => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  add(samples);
  add(width);
  const words = new Uint32Array(features.buffer, features.byteOffset, features.length);
  for (let i = 0; i < words.length; i++) add(words[i]);
  if (condition) {
    for (const character of JSON.stringify(condition.classes)) add(character.codePointAt(0) ?? 0);
    for (const label of condition.labels) add(label);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

import type { Dataset } from "./dataset.js";

/**
 * Tells data sets apart: FNV-1a over shape, the bits of the features, class names and labels, as 8 hexadecimal
 * digits. It guards against mistakes, not against forgery. Of all samples, where they are stored.
 */
export function fingerprint({ samples, width, features, condition, stored }: Dataset): string {
  if (stored) return stored.file.fingerprint;
  const hash = new Fingerprint();
  hash.add([samples, width]);
  hash.add(new Uint32Array(features.buffer, features.byteOffset, features.length));
  if (condition) {
    hash.addText(JSON.stringify(condition.classes));
    hash.add(condition.labels);
    for (const table of [condition.probabilities, condition.values?.rows]) {
      if (table) hash.add(new Uint32Array(table.buffer, table.byteOffset, 2 * table.length));
    }
  }
  return hash.digits();
}

/** FNV-1a over 32-bit words that come in portions. */
export class Fingerprint {
  #hash = 0x811c9dc5;

  add(words: ArrayLike<number>): void {
    let hash = this.#hash;
    for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i], 0x01000193);
    this.#hash = hash;
  }

  addText(text: string): void {
    this.add(Array.from(text, (character) => character.codePointAt(0) ?? 0));
  }

  /** 8 hexadecimal digits. */
  digits(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, "0");
  }
}

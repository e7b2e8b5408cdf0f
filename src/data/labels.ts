import type { Condition } from "./dataset.js";
import { readNumber } from "./numbers.js";
import { quote } from "./wording.js";

const chunkLength = 1 << 16;
/** The class that a text names, or -1; `03` and `3.0` name class `3`. */
export function classNumber(classes: readonly string[], text: string): number {
  const exact = classes.indexOf(text);
  if (exact >= 0) return exact;
  const value = readNumber(text.trim());
  return Number.isNaN(value) ? -1 : classes.findIndex((name) => readNumber(name) === value);
}

const missingLabels = new Set(["", "NA", "N/A", "NaN", "nan", "NULL", "null"]);

/** What is wrong with a label that stands for none, such as an empty cell or NaN; undefined if it is a class. */
export function problemWithLabel(label: string): string | undefined {
  if (!missingLabels.has(label)) return undefined;
  return `found ${label === "" ? "no label" : `the missing value ${quote(label)}`}, expected a class`;
}

/** Collects the label of each sample as it is read, and names the classes at the end. */
export class LabelCollector {
  #indexOf = new Map<string, number>();
  #chunks: Int32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds the label of the next sample. */
  push(label: string): void {
    let index = this.#indexOf.get(label);
    if (index === undefined) {
      index = this.#indexOf.size;
      this.#indexOf.set(label, index);
    }
    const place = this.#length % chunkLength;
    if (place === 0) this.#chunks.push(new Int32Array(chunkLength));
    this.#chunks[this.#chunks.length - 1][place] = index;
    this.#length++;
  }

  /**
   * The condition of everything pushed so far. Where every label is a number, labels are numbers: `1`,
   * `01` and `1.0` are one class, named `1`, and classes sort by value; else they sort as text.
   */
  finish(name: string): Condition {
    const found = [...this.#indexOf.keys()];
    const numeric = found.every((label) => Number.isFinite(readNumber(label)));
    const nameOf = numeric ? (label: string) => String(readNumber(label)) : (label: string) => label;
    const classes = sortClasses([...new Set(found.map(nameOf))], numeric);
    const position = new Map(classes.map((label, index) => [label, index]));
    const renumbered = Int32Array.from(found, (label) => position.get(nameOf(label))!);
    const labels = new Int32Array(this.#length);
    for (let i = 0; i < labels.length; i++) {
      labels[i] = renumbered[this.#chunks[Math.floor(i / chunkLength)][i % chunkLength]];
    }
    return { name, classes, labels };
  }
}

/** The condition whose labels are these values, one a sample; see {@link LabelCollector.finish}. */
export function conditionOf(name: string, values: Iterable<string | number | bigint>): Condition {
  const collector = new LabelCollector();
  for (const value of values) collector.push(String(value));
  return collector.finish(name);
}

/** How many samples each class has. Shape [classes]. */
export function classCounts(condition: Condition): Int32Array {
  const counts = new Int32Array(condition.classes.length);
  for (const label of condition.labels) counts[label]++;
  return counts;
}

function sortClasses(classes: string[], numeric: boolean): string[] {
  if (numeric) return classes.sort((a, b) => Number(a) - Number(b));
  return classes.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

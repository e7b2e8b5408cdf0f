import type { Condition, Dataset } from "./dataset.js";
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

/** A label as it is taken where some may be missing: empty for one that stands for none. */
export const orNoLabel = (label: string): string => (missingLabels.has(label) ? "" : label);

/** What is wrong with a label that stands for none, such as an empty cell or NaN; undefined if it is a class. */
export function problemWithLabel(label: string): string | undefined {
  const problem = problemWithClass(label);
  return problem && `${problem}; fit takes rows without one as well with --semi-supervised`;
}

/** The same of a class that no row can do without. */
export function problemWithClass(text: string): string | undefined {
  if (!missingLabels.has(text)) return undefined;
  return `found ${text === "" ? "no label" : `the missing value ${quote(text)}`}, expected a class`;
}

/** The classes of labels as they are read: each gets a number when it is first seen, and its name at the end. */
export class ClassNumbers {
  #numberOf = new Map<string, number>();

  /** How many different labels there were. */
  get size(): number {
    return this.#numberOf.size;
  }

  /** The number of a label, from 0. */
  numberOf(label: string): number {
    let number = this.#numberOf.get(label);
    if (number === undefined) {
      number = this.#numberOf.size;
      this.#numberOf.set(label, number);
    }
    return number;
  }

  /**
   * The names of the classes, and for each number which of them it is. Where every label is a number, labels are
   * numbers: `1`, `01` and `1.0` are one class, named `1`, and classes sort by value; else they sort as text.
   */
  finish(): { classes: string[]; classOf: Int32Array } {
    const found = [...this.#numberOf.keys()];
    const numeric = found.every((label) => Number.isFinite(readNumber(label)));
    const nameOf = numeric ? (label: string) => String(readNumber(label)) : (label: string) => label;
    const classes = sortClasses([...new Set(found.map(nameOf))], numeric);
    const position = new Map(classes.map((label, index) => [label, index]));
    return { classes, classOf: Int32Array.from(found, (label) => position.get(nameOf(label))!) };
  }
}

/** Collects the label of each sample as it is read, and names the classes at the end. */
export class LabelCollector {
  readonly #numbers = new ClassNumbers();
  #chunks: Int32Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds the label of the next sample; an empty one stands for none. */
  push(label: string): void {
    const place = this.#length % chunkLength;
    if (place === 0) this.#chunks.push(new Int32Array(chunkLength));
    this.#chunks[this.#chunks.length - 1][place] = label === "" ? -1 : this.#numbers.numberOf(label);
    this.#length++;
  }

  /** The condition of everything pushed so far; see {@link ClassNumbers.finish}. */
  finish(name: string): Condition {
    const { classes, classOf } = this.#numbers.finish();
    const labels = new Int32Array(this.#length);
    for (let i = 0; i < labels.length; i++) {
      labels[i] = classOf[this.#chunks[Math.floor(i / chunkLength)][i % chunkLength]] ?? -1;
    }
    return { name, classes, labels };
  }
}

/** The condition whose labels are these values, one a sample; see {@link ClassNumbers.finish}. */
export function conditionOf(name: string, values: Iterable<string | number | bigint>): Condition {
  const collector = new LabelCollector();
  for (const value of values) collector.push(String(value));
  return collector.finish(name);
}

/** How many samples each class of a data set has, whether all of them are in memory or not. Shape [classes]. */
export function countClasses({ condition, stored }: Dataset & { readonly condition: Condition }): Int32Array {
  return stored?.file.counts ?? classCounts(condition);
}

/** How many samples in memory are known to be of each class. Shape [classes]. */
export function classCounts(condition: Condition): Int32Array {
  const counts = new Int32Array(condition.classes.length);
  for (const label of condition.labels) if (label >= 0) counts[label]++;
  return counts;
}

function sortClasses(classes: string[], numeric: boolean): string[] {
  if (numeric) return classes.sort((a, b) => Number(a) - Number(b));
  return classes.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

import type { Condition } from "../data/dataset.js";
import { Random } from "../engine/random.js";

/** So many samples of each class are taken at least, where there are as many. */
const SAMPLES_OF_CLASS = 2;

/**
 * Chooses samples that stand for all of a data set: some drawn by chance, the same ones each time, and the first two of
 * each class. Samples are shown to it in order.
 */
export class DrawnSamples {
  /** The most that are chosen. */
  readonly most: number;
  private readonly drawn: Int32Array;
  private readonly seen: Int32Array;
  private position = 0;
  private next = 0;

  constructor(samples: number, classes: number, drawn: number) {
    this.drawn = new Random(0, "samples in memory").subset(samples, drawn);
    this.seen = new Int32Array(classes);
    this.most = Math.min(samples, drawn + SAMPLES_OF_CLASS * classes);
  }

  /** Whether the next sample, which is of this class, is chosen. */
  takes(label: number): boolean {
    const isDrawn = this.drawn[this.next] === this.position++;
    if (isDrawn) this.next++;
    return this.seen[label]++ < SAMPLES_OF_CLASS || isDrawn;
  }
}

/** The positions that {@link DrawnSamples} chooses, in ascending order. */
export function drawnPositions({ labels, classes }: Condition, drawn: number): Int32Array {
  const choice = new DrawnSamples(labels.length, classes.length, drawn);
  return Int32Array.from(labels.keys()).filter((position) => choice.takes(labels[position]));
}

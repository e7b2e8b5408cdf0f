import type { AttackedPart } from "../analysis/index.js";
import type { Dataset } from "../data/dataset.js";
import type { AttackedImages } from "../report/attack-report.js";

/** Classes of which an image is shown. */
const MOST_SHOWN = 10;

/** The first image of each class as an attack leaves it at every strength. */
export class AttackExamples {
  readonly #images: readonly Float32Array[];
  readonly #predicted: readonly string[][];
  readonly #passes: readonly boolean[][];

  constructor(
    private readonly dataset: Dataset,
    /** The samples to show. */
    private readonly shown: readonly number[],
    private readonly classes: readonly string[],
    private readonly strengths: readonly number[],
  ) {
    this.#images = strengths.map(() => new Float32Array(shown.length * dataset.width));
    this.#predicted = strengths.map(() => shown.map(() => ""));
    this.#passes = strengths.map(() => shown.map(() => false));
  }

  /** Keeps what a part holds of the examples. */
  add({ strength, from, data, predicted, passes }: AttackedPart): void {
    const { width } = this.dataset;
    this.shown.forEach((sample, k) => {
      const place = sample - from;
      if (place < 0 || place >= predicted.length) return;
      this.#images[strength].set(data.subarray(place * width, (place + 1) * width), k * width);
      this.#predicted[strength][k] = this.classes[predicted[place]];
      this.#passes[strength][k] = passes[place] === 1;
    });
  }

  /** One row of images a strength. */
  rows(): AttackedImages[] {
    return this.strengths.map((epsilon, k) => ({
      epsilon,
      images: this.#images[k],
      predicted: this.#predicted[k],
      passes: this.#passes[k],
    }));
  }
}

/** The first sample of each class that occurs; of at most ten classes. */
export function firstOfEachClass(labels: Int32Array, classes: number): number[] {
  const first = Array.from({ length: classes }, (_, u) => labels.indexOf(u)).filter((sample) => sample >= 0);
  return first.slice(0, MOST_SHOWN);
}

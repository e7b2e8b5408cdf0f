import type { ColumnStatistics, Dataset } from "./dataset.js";

export type { ColumnStatistics } from "./dataset.js";

/** Statistics of every column, in float64 and two passes, for standardisation; of all samples, where they are stored. */
export function columnStatistics(
  dataset: Pick<Dataset, "features" | "samples" | "width" | "stored">,
): ColumnStatistics {
  if (dataset.stored) return dataset.stored.file.statistics;
  const moments = new ColumnMoments(dataset.width);
  moments.addToMeans(dataset.features);
  moments.addToDeviations(dataset.features);
  return moments.statistics();
}

/** Column statistics of samples that come in portions, twice over: first for the means, then for the deviations. */
export class ColumnMoments {
  #samples = 0;
  #first: Float32Array | undefined;
  #hasMeans = false;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #constant: boolean[];

  constructor(private readonly width: number) {
    this.#mean = new Float64Array(width);
    this.#squares = new Float64Array(width);
    this.#constant = new Array<boolean>(width).fill(true);
  }

  /** Takes up samples, [sample][column], for the first time. */
  addToMeans(features: Float32Array): void {
    const { width } = this;
    if (features.length === 0) return;
    this.#first ??= features.slice(0, width);
    const first = this.#first;
    const [mean, constant] = [this.#mean, this.#constant];
    for (let start = 0; start < features.length; start += width) {
      for (let j = 0; j < width; j++) {
        const value = features[start + j];
        mean[j] += value;
        if (value !== first[j]) constant[j] = false;
      }
    }
    this.#samples += features.length / width;
  }

  /** Takes up samples for the second time, after all had their first. */
  addToDeviations(features: Float32Array): void {
    this.#finishMeans();
    const { width } = this;
    const [mean, squares] = [this.#mean, this.#squares];
    for (let start = 0; start < features.length; start += width) {
      for (let j = 0; j < width; j++) squares[j] += (features[start + j] - mean[j]) ** 2;
    }
  }

  statistics(): ColumnStatistics {
    this.#finishMeans();
    const constant = [...this.#constant];
    const sd = this.#squares.map((sum, j) => (constant[j] ? 0 : Math.sqrt(sum / this.#samples)));
    return { mean: this.#mean.slice(), sd, constant };
  }

  #finishMeans(): void {
    if (this.#hasMeans) return;
    this.#hasMeans = true;
    for (let j = 0; j < this.width; j++) {
      this.#mean[j] = this.#constant[j] ? (this.#first?.[j] ?? 0) : this.#mean[j] / this.#samples;
    }
  }
}

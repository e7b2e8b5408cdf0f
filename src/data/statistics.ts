import type { Dataset } from "./dataset.js";

/** Mean, standard deviation and constancy of each column. All of length `width`. */
export interface ColumnStatistics {
  readonly mean: Float64Array;
  /** sqrt(sum (x - mean)^2 / samples): divided by the number of samples. */
  readonly sd: Float64Array;
  /** True where every sample has the same value. */
  readonly constant: readonly boolean[];
}

/** Statistics of every column, in float64 and two passes, for standardisation. */
export function columnStatistics(dataset: Pick<Dataset, "features" | "samples" | "width">): ColumnStatistics {
  const { features, samples, width } = dataset;
  const mean = new Float64Array(width);
  const sd = new Float64Array(width);
  const constant = new Array<boolean>(width).fill(true);
  for (let row = 0; row < samples; row++) {
    for (let j = 0; j < width; j++) {
      const value = features[row * width + j];
      mean[j] += value;
      if (value !== features[j]) constant[j] = false;
    }
  }
  for (let j = 0; j < width; j++) mean[j] = constant[j] ? (features[j] ?? 0) : mean[j] / samples;
  for (let row = 0; row < samples; row++) {
    for (let j = 0; j < width; j++) sd[j] += (features[row * width + j] - mean[j]) ** 2;
  }
  for (let j = 0; j < width; j++) sd[j] = constant[j] ? 0 : Math.sqrt(sd[j] / samples);
  return { mean, sd, constant };
}

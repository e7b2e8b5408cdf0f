import { InputError } from "../../errors.js";
import { type ConditionalGaussian, latentWidth } from "../conditional-gaussian.js";
import { checkLabels, checkSampleMatrix, type SampleMatrix } from "../sample-matrix.js";

/** One factorial Gaussian a condition, and how well it is known. */
export interface ConditionStatistics extends ConditionalGaussian {
  /** Samples behind each condition's statistics. Shape [conditions]. */
  readonly counts: readonly number[];
  /**
   * Kurtosis of each latent within the conditions, on which the error of a standard deviation depends: 3 for Gaussian
   * latents. Shape [latents].
   */
  readonly kurtosis: readonly number[];
}

/** The statistics of a model's p(w|u), whose latents it takes to be Gaussian; `counts` are its training samples. */
export function modelStatistics(
  gaussian: ConditionalGaussian,
  counts: readonly number[],
): ConditionStatistics {
  const width = latentWidth(gaussian);
  return { ...gaussian, counts, kurtosis: new Array<number>(width).fill(3) };
}

/**
 * Means, standard deviations (with n - 1) and kurtosis of samples within their conditions. Conditions of fewer than two
 * samples are left out.
 *
 * @param labels condition of each sample, as indices of `classes`.
 * @throws InputError where labels do not fit the samples, or no condition has two samples.
 */
export function conditionStatistics(
  matrix: SampleMatrix,
  labels: Int32Array,
  classes: readonly string[],
): ConditionStatistics {
  checkSampleMatrix(matrix, "The data");
  checkLabels(labels, matrix.samples, classes.length);
  const { values, samples, width } = matrix;
  const sizes = new Array<number>(classes.length).fill(0);
  for (const label of labels) sizes[label]++;
  const kept = classes.map((_, k) => k).filter((k) => sizes[k] > 1);
  if (kept.length === 0) throw new InputError("No condition has two samples.");
  const position = Int32Array.from(classes, (_, k) => kept.indexOf(k));
  const counts = kept.map((k) => sizes[k]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [mean, squares] = [0, 0].map(() => new Float64Array(kept.length * width));
  const each = (visit: (entry: number, value: number, latent: number) => void) => {
    for (let sample = 0; sample < samples; sample++) {
      const base = position[labels[sample]] * width;
      if (base < 0) continue;
      for (let i = 0; i < width; i++) visit(base + i, values[sample * width + i], i);
    }
  };
  each((entry, value) => {
    mean[entry] += value;
  });
  mean.forEach((sum, entry) => {
    mean[entry] = sum / counts[Math.floor(entry / width)];
  });
  each((entry, value) => {
    squares[entry] += (value - mean[entry]) ** 2;
  });
  const variance = squares.map((sum, entry) => sum / (counts[Math.floor(entry / width)] - 1));
  const kurtosis = new Array<number>(width).fill(0);
  each((entry, value, i) => {
    if (variance[entry] > 0) kurtosis[i] += ((value - mean[entry]) ** 2 / variance[entry]) ** 2 / total;
  });
  return {
    classes: kept.map((k) => classes[k]),
    mean: Float32Array.from(mean),
    sigma: Float32Array.from(variance, Math.sqrt),
    counts,
    kurtosis,
  };
}

/**
 * Standard deviation of each latent within conditions: the root mean square over the conditions of sigma. Shape
 * [latents].
 */
export function withinConditions({ classes, sigma }: ConditionalGaussian): Float64Array {
  const width = sigma.length / classes.length;
  return Float64Array.from({ length: width }, (_, i) => {
    const squares = classes.reduce((sum, _, k) => sum + sigma[k * width + i] ** 2, 0);
    return Math.sqrt(squares / classes.length);
  });
}

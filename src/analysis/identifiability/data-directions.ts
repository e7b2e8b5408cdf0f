import { principalComponents } from "../../algebra/principal.js";
import { SecondMoments } from "../../algebra/second-moments.js";
import { type Eigen, symmetricEigen } from "../../algebra/symmetric.js";
import { InputError } from "../../errors.js";
import { checkLabels, checkSampleMatrix, type SampleMatrix } from "../sample-matrix.js";

/** Directions are kept until they hold this part of the variance ... */
const KEPT_VARIANCE = 0.99;
/** ... and at most so many. */
const MOST_DIRECTIONS = 50;

/**
 * Data seen along directions that are uncorrelated within conditions: what can be known of latents before a fit. Columns
 * are brought to standard deviation 1; of their principal components those that hold 99 % of the variance are kept (at
 * most 50), and rotated to the eigenvectors of the covariance within conditions. For a linear mixing of latents whose
 * spreads change in proportion, or whose means alone change, the same is true of these directions.
 *
 * @throws InputError when labels do not fit or all columns are constant.
 */
export function dataDirections(matrix: SampleMatrix, labels: Int32Array, conditions: number): SampleMatrix {
  checkSampleMatrix(matrix, "The data");
  checkLabels(labels, matrix.samples, conditions);
  const { samples } = matrix;
  const standard = standardised(matrix);
  const { directions, variances, mean } = principalComponents(standard, matrix.width);
  const total = variances.reduce((sum, value) => sum + value, 0);
  if (variances.length === 0) throw new InputError("All columns of the data are constant.");
  let kept = 0;
  for (
    let held = 0;
    held < KEPT_VARIANCE * total && kept < Math.min(variances.length, MOST_DIRECTIONS);
    kept++
  ) {
    held += variances[kept];
  }
  const scores = projected(standard, matrix.width, directions, kept, mean);
  const { vectors } = eigenWithin(scores, kept, labels, conditions);
  const origin = new Float64Array(kept);
  return { values: projected(scores, kept, vectors, kept, origin), samples, width: kept };
}

/** Columns less their mean over their standard deviation; constant ones are 0. */
function standardised({ values, samples, width }: SampleMatrix): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < width; i++) {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < samples; n++) sum += values[n * width + i];
    const mean = sum / samples;
    for (let n = 0; n < samples; n++) squares += (values[n * width + i] - mean) ** 2;
    const deviation = Math.sqrt(squares / samples);
    if (deviation === 0) continue;
    for (let n = 0; n < samples; n++) result[n * width + i] = (values[n * width + i] - mean) / deviation;
  }
  return result;
}

/** Coordinates along the first `count` rows of `directions` [..][width], from `mean`. Shape [sample][count]. */
function projected(
  values: Float32Array,
  width: number,
  directions: Float64Array,
  count: number,
  mean: Float64Array,
): Float32Array {
  const samples = values.length / width;
  const result = new Float32Array(samples * count);
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += directions[k * width + i] * (values[n * width + i] - mean[i]);
      result[n * count + k] = sum;
    }
  }
  return result;
}

function eigenWithin(values: Float32Array, width: number, labels: Int32Array, conditions: number): Eigen {
  const means = new Float64Array(conditions * width);
  const sizes = new Float64Array(conditions);
  labels.forEach((label, n) => {
    sizes[label]++;
    for (let i = 0; i < width; i++) means[label * width + i] += values[n * width + i];
  });
  const centred = Float32Array.from(values, (value, at) => {
    const label = labels[Math.floor(at / width)];
    return value - means[label * width + (at % width)] / sizes[label];
  });
  const moments = new SecondMoments(width);
  moments.add(centred);
  return symmetricEigen(moments.covariance(), width);
}

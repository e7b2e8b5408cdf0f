import { InputError } from "../errors.js";
import { minimise } from "./minimise.js";
import { checkLabels, checkSampleMatrix, type SampleMatrix } from "./sample-matrix.js";

/** A linear classifier: log p(u|x) = weight_u . x + bias_u up to what makes the probabilities sum to 1. */
export interface LinearClassifier {
  readonly classes: number;
  readonly width: number;
  /** [class][feature]. */
  readonly weight: Float64Array;
  /** [class]. */
  readonly bias: Float64Array;
}

/** Weight of half the squared norm of the weights on standardised features, beside the mean cross-entropy. */
const PENALTY = 1e-4;
const ROUNDING = 1e-9;

/**
 * Multinomial logistic regression: minimises the mean cross-entropy in nats plus `penalty` / 2 times the squared norm of the
 * weights, biases left out, on features divided by their standard deviations (a constant feature gets weight 0), until no
 * gradient exceeds 1e-5.
 *
 * @param labels class index of each sample. Shape [samples].
 * @throws InputError when shapes or labels do not fit.
 */
export function fitLogisticRegression(
  features: SampleMatrix,
  labels: Int32Array,
  classes: number,
  { penalty = PENALTY }: { readonly penalty?: number } = {},
): LinearClassifier {
  checkSampleMatrix(features, "The features");
  checkLabels(labels, features.samples, classes);
  const { samples, width } = features;
  const { center, scale, standardised } = standardise(features);
  const stride = width + 1;
  const scores = new Float64Array(classes);
  const objective = (point: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    for (let n = 0; n < samples; n++) {
      const row = n * width;
      for (let u = 0; u < classes; u++) {
        let score = point[u * stride + width];
        for (let j = 0; j < width; j++) score += point[u * stride + j] * standardised[row + j];
        scores[u] = score;
      }
      const own = scores[labels[n]];
      loss += toProbabilities(scores) - own;
      for (let u = 0; u < classes; u++) {
        const slope = (scores[u] - (labels[n] === u ? 1 : 0)) / samples;
        for (let j = 0; j < width; j++) gradient[u * stride + j] += slope * standardised[row + j];
        gradient[u * stride + width] += slope;
      }
    }
    let squares = 0;
    for (let at = 0; at < point.length; at++) {
      if (at % stride === width) continue;
      squares += point[at] ** 2;
      gradient[at] += penalty * point[at];
    }
    return loss / samples + 0.5 * penalty * squares;
  };
  const point = minimise(objective, new Float64Array(classes * stride), { tolerance: 1e-5 });
  const weight = new Float64Array(classes * width);
  const bias = new Float64Array(classes);
  for (let u = 0; u < classes; u++) {
    bias[u] = point[u * stride + width];
    for (let j = 0; j < width; j++) {
      weight[u * width + j] = point[u * stride + j] / scale[j];
      bias[u] -= weight[u * width + j] * center[j];
    }
  }
  return { classes, width, weight, bias };
}

/** The most probable class of each sample. Throws InputError on a wrong width. */
export function predictClasses(classifier: LinearClassifier, features: SampleMatrix): Int32Array {
  const { classes, width, weight, bias } = classifier;
  checkSampleMatrix(features, "The features");
  if (features.width !== width) {
    throw new InputError(`The classifier takes ${width} features; got ${features.width}.`);
  }
  return Int32Array.from({ length: features.samples }, (_, n) => {
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let u = 0; u < classes; u++) {
      let score = bias[u];
      for (let j = 0; j < width; j++) score += weight[u * width + j] * features.values[n * width + j];
      if (score > highest) [best, highest] = [u, score];
    }
    return best;
  });
}

/** Turns scores into probabilities in place, and returns the log of the sum of their exponentials. */
function toProbabilities(scores: Float64Array): number {
  const most = Math.max(...scores);
  let sum = 0;
  for (let u = 0; u < scores.length; u++) sum += Math.exp(scores[u] - most);
  const total = most + Math.log(sum);
  for (let u = 0; u < scores.length; u++) scores[u] = Math.exp(scores[u] - total);
  return total;
}

function standardise({ values, samples, width }: SampleMatrix) {
  const center = new Float64Array(width);
  const scale = new Float64Array(width);
  for (let k = 0; k < samples * width; k++) center[k % width] += values[k];
  for (let j = 0; j < width; j++) center[j] /= samples;
  for (let k = 0; k < samples * width; k++) scale[k % width] += (values[k] - center[k % width]) ** 2;
  for (let j = 0; j < width; j++) {
    const deviation = Math.sqrt(scale[j] / samples);
    // What rounding leaves of a column that does not vary.
    scale[j] = deviation > ROUNDING * Math.abs(center[j]) ? deviation : 1;
  }
  const standardised = Float64Array.from({ length: samples * width }, (_, k) => {
    return (values[k] - center[k % width]) / scale[k % width];
  });
  return { center, scale, standardised };
}

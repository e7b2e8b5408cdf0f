import { encodePoints, inputWidth } from "../data/condition-values.js";
import type { Condition, SampleConditions } from "../data/dataset.js";
import { InputError } from "../errors.js";
import type { ModelCondition } from "./facts.js";

/** Conditions of samples as a prior takes them: what a network of the condition takes, or the weight of each class. */
export interface ConditionRows {
  /** Shape [samples][width]. */
  readonly values: Float32Array;
  readonly width: number;
}

/** Rows at these positions. */
export function selectConditions(
  { values, width }: ConditionRows,
  indices: ArrayLike<number>,
): ConditionRows {
  const selected = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    for (let c = 0; c < width; c++) selected[i * width + c] = values[indices[i] * width + c];
  }
  return { values: selected, width };
}

/**
 * The conditions of a data set where a class number does not say them; else undefined. Where a class is not known, its
 * place take the shares of the classes among the samples at the positions `training`.
 */
export function conditionRows(
  { values, probabilities, labels, classes }: Condition,
  training: Int32Array,
): ConditionRows | undefined {
  if (values) {
    return { values: encodePoints(values.columns, values.rows), width: inputWidth(values.columns) };
  }
  const width = classes.length;
  if (probabilities) return { values: Float32Array.from(probabilities), width };
  if (!labels.includes(-1)) return undefined;
  const counts = new Float64Array(width);
  for (const sample of training) if (labels[sample] >= 0) counts[labels[sample]]++;
  return { values: classWeights(labels, counts), width };
}

/** One-hot rows of class indices; where the index is -1, how often each class occurs. */
function classWeights(labels: Int32Array, counts: ArrayLike<number>): Float32Array {
  const width = counts.length;
  const total = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const weights = new Float32Array(labels.length * width);
  labels.forEach((label, n) => {
    if (label >= 0) weights[n * width + label] = 1;
    else for (let c = 0; c < width; c++) weights[n * width + c] = counts[c] / total;
  });
  return weights;
}

/**
 * Conditions of samples as a model's prior takes them, where class indices do not say them all; else undefined. Throws
 * InputError for points where the model knows classes, or the other way round.
 */
export function rowsForModel(
  { values, classes, counts }: ModelCondition,
  conditions: SampleConditions,
): ConditionRows | undefined {
  if (values) {
    if (conditions instanceof Int32Array) {
      throw new InputError(
        "conditions: found class indices, expected the points that the model was fitted with",
      );
    }
    return { values: encodePoints(values.columns, conditions), width: inputWidth(values.columns) };
  }
  const width = classes.length;
  if (conditions instanceof Float64Array) return { values: Float32Array.from(conditions), width };
  return conditions.includes(-1) ? { values: classWeights(conditions, counts), width } : undefined;
}

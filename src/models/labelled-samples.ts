import type { ConditionedDataset } from "../data/check.js";
import { selectSamples } from "../data/split.js";
import { type ConditionRows, conditionRows, selectConditions } from "./condition-rows.js";
import { heldOutSplit } from "./held-out.js";
import { type Preprocessing, preprocess } from "./preprocessing.js";

/** Preprocessed samples, [sample][value], with their classes, -1 where these are not known. */
export interface LabelledSamples {
  readonly data: Float32Array;
  readonly labels: Int32Array;
  /** Their conditions, where the class does not say them. */
  readonly conditions?: ConditionRows | undefined;
}

/** A data set's samples on either side of the held-out split. */
export interface SplitSamples {
  readonly training: LabelledSamples;
  readonly heldOut: LabelledSamples;
  /** Which samples of the data set are held out, in ascending order. */
  readonly heldOutPositions: Int32Array;
}

/** Preprocesses a data set and holds a share of its samples out, chosen by the seed. */
export function splitSamples(
  dataset: ConditionedDataset,
  preprocessing: Preprocessing,
  choice: { readonly heldOut: number; readonly seed: number },
): SplitSamples {
  const { labels } = dataset.condition;
  const split = heldOutSplit(dataset, choice);
  const conditions = conditionRows(dataset.condition, split.training);
  const take = (indices: Int32Array): LabelledSamples => ({
    data: preprocess(preprocessing, selectSamples(dataset, indices).features),
    labels: Int32Array.from(indices, (index) => labels[index]),
    ...(conditions && { conditions: selectConditions(conditions, indices) }),
  });
  return {
    training: take(split.training),
    heldOut: take(split.heldOut),
    heldOutPositions: split.heldOut,
  };
}

import { type Condition, type Dataset, type SampleConditions, sharedFloat32 } from "./dataset.js";
import { refuse } from "./wording.js";

/** Positions of samples on either side of a split. */
export interface Split {
  readonly training: Int32Array;
  readonly heldOut: Int32Array;
}

/** The samples at these positions, in this order; positions may repeat. Copies; the classes stay the same. */
export function selectSamples(dataset: Dataset, indices: ArrayLike<number>): Dataset {
  const { width, condition, features, stored: _, ...rest } = dataset;
  const selected = sharedFloat32(indices.length * width);
  const labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= dataset.samples) {
      refuse(`${dataset.name}: no sample ${index}, expected a position from 0 to ${dataset.samples - 1}`);
    }
    selected.set(features.subarray(index * width, (index + 1) * width), i * width);
    if (condition !== undefined) labels[i] = condition.labels[index];
  }
  const chosen = { ...rest, width, features: selected, samples: indices.length };
  if (condition === undefined) return chosen;
  const { probabilities, values, ...plain } = condition;
  const ofChosen = (table: Float64Array, columns: number) => selectRows(table, columns, indices);
  return {
    ...chosen,
    condition: {
      ...plain,
      labels,
      ...(probabilities && { probabilities: ofChosen(probabilities, condition.classes.length) }),
      ...(values && { values: { ...values, rows: ofChosen(values.rows, values.columns.length) } }),
    },
  };
}

/** The conditions of the samples at these positions. */
export function conditionsAt(
  { values, probabilities, labels, classes }: Condition,
  indices: ArrayLike<number>,
): SampleConditions {
  if (values) return selectRows(values.rows, values.columns.length, indices);
  if (probabilities) return selectRows(probabilities, classes.length, indices);
  return Int32Array.from(indices, (index) => labels[index]);
}

/** The samples whose class is known, or the data set itself where that is all of them. */
export function labelledSamples<D extends Dataset>(dataset: D): D {
  const { labels } = dataset.condition ?? {};
  return labels?.includes(-1) ? (selectSamples(dataset, labelledRows(labels)) as D) : dataset;
}

/** The positions of the labels that are known. */
export function labelledRows(labels: Int32Array): Int32Array {
  return Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
}

/** Rows of a table [row][column] at these positions. */
export function selectRows(table: Float64Array, columns: number, indices: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(indices.length * columns);
  for (let i = 0; i < indices.length; i++) {
    for (let c = 0; c < columns; c++) rows[i * columns + c] = table[indices[i] * columns + c];
  }
  return rows;
}

/**
 * Holds out round(fraction * samples) samples, the first ones of `permutation` that may go. With `labels`
 * each class keeps at least two training samples, so fewer may be held out. Both sides are in ascending
 * order. Throws InputError unless 0 <= fraction < 1 and `permutation` has one entry a sample.
 */
export function splitHeldOut(
  samples: number,
  fraction: number,
  permutation: ArrayLike<number>,
  labels?: ArrayLike<number>,
): Split {
  if (!(fraction >= 0 && fraction < 1)) {
    refuse(`held-out fraction: found ${fraction}, expected a number from 0 up to, not including, 1`);
  }
  if (permutation.length !== samples) {
    refuse(`held-out split: found a permutation of ${permutation.length}, expected ${samples}`);
  }
  const wanted = Math.min(Math.round(fraction * samples), Math.max(samples - 1, 0));
  const left = labels && samplesLeft(labels);
  const out = new Uint8Array(samples);
  let taken = 0;
  for (let i = 0; i < samples && taken < wanted; i++) {
    const sample = permutation[i];
    if (labels && left) {
      const place = labels[sample] + 1;
      if (left[place] <= 2) continue;
      left[place] -= 1;
    }
    out[sample] = 1;
    taken++;
  }
  const split = { training: new Int32Array(samples - taken), heldOut: new Int32Array(taken) };
  for (let sample = 0, held = 0; sample < samples; sample++) {
    if (out[sample] === 1) split.heldOut[held++] = sample;
    else split.training[sample - held] = sample;
  }
  return split;
}

/** Samples of each label, -1 included: those of label k at place k + 1. */
function samplesLeft(labels: ArrayLike<number>): Int32Array {
  let most = -1;
  for (let i = 0; i < labels.length; i++) most = Math.max(most, labels[i]);
  const counts = new Int32Array(most + 2);
  for (let i = 0; i < labels.length; i++) counts[labels[i] + 1] += 1;
  return counts;
}

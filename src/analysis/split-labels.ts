import type { Condition, SplitLabel } from "../data/dataset.js";
import { InputError } from "../errors.js";
import { gaussianClusters } from "./gaussian-clusters.js";
import { type SampleMatrix, selectColumns } from "./sample-matrix.js";

/** A part needs so many samples to be one. */
const LEAST_SAMPLES = 10;

/**
 * Splits every class into sub-labels, `7` into `7/1` and `7/2`, by clustering its samples in latents of a model that was
 * fitted to the classes: more conditions identify more latents (GIN, section 4.4.4). A class that is too small, or of
 * which a part would be, stays whole.
 *
 * @param latents shape [samples][d].
 * @param chosen the latents to cluster in.
 * @returns the condition whose classes are the parts.
 * @throws InputError for fewer than two parts.
 */
export function splitLabels(
  latents: SampleMatrix,
  { name, classes, labels }: Condition,
  chosen: readonly number[],
  parts: number,
  seed = 0,
): Condition {
  if (!Number.isInteger(parts) || parts < 2) {
    throw new InputError(`Labels are split into at least 2 parts; got ${parts}.`);
  }
  const { values, width } = selectColumns(latents, chosen);
  const names: string[] = [];
  const described: SplitLabel[] = [];
  const subLabels = new Int32Array(labels.length);
  classes.forEach((label, index) => {
    const members = Int32Array.from(labels.keys()).filter((sample) => labels[sample] === index);
    const own = rowsOf(values, width, members);
    const found = members.length >= parts * LEAST_SAMPLES && gaussianClusters(own, parts, seed);
    const counts = found ? found.shares.map((share) => Math.round(share * members.length)) : [members.length];
    const isWhole = !found || Math.min(...counts) < LEAST_SAMPLES;
    const first = names.length;
    names.push(...(isWhole ? [label] : counts.map((_, part) => `${label}/${part + 1}`)));
    members.forEach((sample, n) => {
      subLabels[sample] = first + (isWhole ? 0 : found.assignment[n]);
    });
    described.push({
      label,
      parts: names.slice(first).map((part, k) => ({
        name: part,
        samples: isWhole ? members.length : counts[k],
      })),
      gain: isWhole ? 0 : found.gain,
    });
  });
  return { name, classes: names, labels: subLabels, split: { latents: [...chosen], labels: described } };
}

function rowsOf(values: Float32Array, width: number, rows: Int32Array): SampleMatrix {
  const own = new Float32Array(rows.length * width);
  rows.forEach((row, k) => {
    own.set(values.subarray(row * width, (row + 1) * width), k * width);
  });
  return { values: own, samples: rows.length, width };
}

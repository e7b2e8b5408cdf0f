import type { ConditionedDataset } from "../../data/check.js";
import { fingerprint } from "../../data/fingerprint.js";
import { type LabelledSamples, splitSamples } from "../labelled-samples.js";
import type { Preprocessing } from "../preprocessing.js";
import { storedNotes } from "../stored-notes.js";
import { type StoredTraining, storedTraining } from "../stored-source.js";
import type { TrainedConfiguration } from "./configuration.js";

/** A data set made ready for a fit. */
export interface PreparedData {
  readonly dataset: ConditionedDataset;
  readonly preprocessing: Preprocessing;
  /** The training samples, or where all of them are stored those in memory. */
  readonly training: LabelledSamples;
  readonly stored?: StoredTraining | undefined;
  readonly heldOut: LabelledSamples;
  readonly notes: readonly string[];
  /** Of the data, and of the windows in which they are visited. */
  readonly fingerprint: string;
}

/** Preprocesses a data set, and holds samples out. */
export function prepareData(
  dataset: ConditionedDataset,
  preprocessing: Preprocessing,
  configuration: Pick<TrainedConfiguration, "batch" | "heldOut" | "seed">,
  notes: readonly string[],
): PreparedData {
  const split = splitSamples(dataset, preprocessing, configuration);
  const { training, heldOut } = split;
  const prepared = { dataset, preprocessing, training, heldOut, notes, fingerprint: fingerprint(dataset) };
  if (!dataset.stored) return prepared;
  const { drawn, positions, blockSamples, windowBlocks } = dataset.stored;
  const leftOut = split.heldOutPositions.map((index) => positions[index]);
  const stored = storedTraining(dataset.stored, preprocessing, leftOut, configuration.batch);
  return {
    ...prepared,
    stored,
    notes: [...notes, ...storedNotes(stored, split)],
    // The course of training depends on how the file is read.
    fingerprint: [prepared.fingerprint, drawn, blockSamples, windowBlocks].join("-"),
  };
}

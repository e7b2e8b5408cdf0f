import { count } from "../data/wording.js";
import type { SplitSamples } from "./labelled-samples.js";
import type { StoredTraining } from "./stored-source.js";

const few = (value: number) => value.toLocaleString("en-US");

/**
 * What a fit to stored samples does otherwise than one to samples in memory, in sentences: nothing where a window holds
 * all of them and all are in memory.
 */
export function storedNotes(
  { file, blockSamples, windowBlocks, leftOut }: StoredTraining,
  { training, heldOut }: SplitSamples,
): string[] {
  const inMemory = training.labels.length + heldOut.labels.length;
  const notes: string[] = [];
  const blocks = Math.ceil(file.samples / blockSamples);
  if (blocks > windowBlocks) {
    const windows = Math.ceil(blocks / windowBlocks);
    notes.push(
      `${count(file.samples, "sample")} are read from disk: each epoch shuffles them in ${windows} windows of ` +
        `about ${few(Math.round((file.samples - leftOut.length) / windows))}, each made of blocks of ${few(blockSamples)} ` +
        "neighbours drawn anew at random.",
    );
  }
  if (inMemory < file.samples) {
    notes.push(
      `Held-out likelihood is measured on ${count(heldOut.labels.length, "sample")} chosen at random, spectrum, class ` +
        `statistics and report on ${few(training.labels.length)} others: what is kept in memory.`,
    );
  }
  return notes;
}

import { type ConditionedDataset, NO_CONDITION } from "../data/check.js";
import { type SampleFile, sharedFloat32 } from "../data/dataset.js";
import type { DescribedFile } from "../data/files/sample-file.js";
import { readAllRows } from "../data/sample-rows.js";
import { breathe } from "../nn/breathe.js";
import { currentPlatform } from "../platform/current.js";
import type { PositionedReader } from "../platform/platform.js";
import { DrawnSamples } from "./drawn-samples.js";

/** How a sample file is used; everything has a default. */
export interface StorageOptions {
  /** Samples that are kept in memory for statistics. Default 200,000, of wide data so many that they fill 64 MiB. */
  readonly inMemory?: number;
  /** Samples of a block, which is read at once. Default: 256 KiB of them. */
  readonly blockSamples?: number;
  /** Blocks that are shuffled together. Default 512. */
  readonly windowBlocks?: number;
}

const MOST_IN_MEMORY = 200_000;
const VALUES_IN_MEMORY = 2 ** 24;
const BLOCK_BYTES = 2 ** 18;
const WINDOW_BLOCKS = 512;
/** Between so many samples timers and signals have their turn. */
const SAMPLES_A_BREATH = 2 ** 18;

/**
 * The data set of a sample file: in memory are samples chosen by chance, the same ones each time, and at least two of
 * each class; all of them where they are few. `fitGin` trains on all samples of the file.
 *
 * @example
 * const paths = { rows: "samples.bin", about: "samples.json" };
 * const file = await writeSampleFile(paths, await streamDataset("big.csv", { condition: "label" }), "big.csv");
 * const model = await fitGin(await datasetOfFile(file));
 */
export async function datasetOfFile(
  { file, name, featureNames, image, condition }: DescribedFile,
  options: StorageOptions = {},
): Promise<ConditionedDataset> {
  const { samples, width } = file;
  const {
    inMemory = Math.min(MOST_IN_MEMORY, Math.ceil(VALUES_IN_MEMORY / width)),
    blockSamples = Math.max(1, Math.floor(BLOCK_BYTES / (4 * width))),
    windowBlocks = WINDOW_BLOCKS,
  } = options;
  const drawn = Math.min(samples, inMemory);
  const reader = (await currentPlatform()).openForReading(file.path);
  const kept = await keepSamples(file, reader, drawn).finally(() => reader.close());
  return {
    name,
    features: kept.features,
    samples: kept.positions.length,
    width,
    featureNames,
    ...(image && { image }),
    condition: {
      name: condition?.name ?? NO_CONDITION,
      classes: condition?.classes ?? ["all"],
      labels: kept.labels,
    },
    stored: { file, drawn, positions: kept.positions, blockSamples, windowBlocks },
  };
}

/** Keeps samples in memory that stand for all of a file. */
async function keepSamples(
  file: SampleFile,
  reader: PositionedReader,
  drawn: number,
): Promise<{
  readonly features: Float32Array;
  readonly labels: Int32Array;
  readonly positions: Int32Array;
}> {
  const { samples, width, counts } = file;
  const choice = new DrawnSamples(samples, counts.length, drawn);
  const kept = sharedFloat32(choice.most * width);
  const labelOf = new Int32Array(choice.most);
  const positions = new Int32Array(choice.most);
  let count = 0;
  for (const { from, features, labels } of readAllRows(file, reader)) {
    if (from % SAMPLES_A_BREATH === 0) await breathe();
    for (let row = 0; row < labels.length; row++) {
      if (!choice.takes(labels[row])) continue;
      kept.set(features.subarray(row * width, (row + 1) * width), count * width);
      labelOf[count] = labels[row];
      positions[count++] = from + row;
    }
  }
  return {
    features: kept.subarray(0, count * width),
    labels: labelOf.slice(0, count),
    positions: positions.slice(0, count),
  };
}

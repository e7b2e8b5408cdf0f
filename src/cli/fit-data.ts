import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { totalmem } from "node:os";
import { resolve } from "node:path";
import { type ConditionedDataset, conditionedOrWhole } from "../data/check.js";
import type { Dataset } from "../data/dataset.js";
import type { ReadOptions } from "../data/options.js";
import { count } from "../data/wording.js";
import { InputError } from "../errors.js";
import type { Method } from "../models/method.js";
import { Interrupted } from "./errors.js";
import { stoppable } from "./interrupt.js";
import { choice } from "./options.js";
import type { ProgressView } from "./progress.js";
import type { RunFolder } from "./run-folder.js";
import type { RunRecord } from "./run-record.js";

const STREAMING = ["auto", "on", "off"] as const;

export const streamOption = choice(
  "read samples from disk while training, from a copy in the run folder (default: auto, where the data would take more than a quarter of memory)",
  STREAMING,
);

/** What options say of reading the data of a fit. */
interface FitDataOptions extends ReadOptions {
  readonly stream?: (typeof STREAMING)[number] | undefined;
}

interface FitSurroundings {
  readonly method: Method;
  readonly folder: RunFolder;
  /** The record of the fit to go on with. */
  readonly before: RunRecord | undefined;
  readonly view: ProgressView;
}

/**
 * Reads the data of a fit and works on them: whole, or where they are too large or it is asked for from a file in the
 * run folder, which stays only as long as a checkpoint that needs it.
 */
export async function withFitData(
  source: string,
  said: FitDataOptions,
  around: FitSurroundings,
  work: (dataset: ConditionedDataset) => Promise<void>,
): Promise<void> {
  const { condition, conditionKind, semiSupervised, features, labels, only, header, transposed } = said;
  const options = { condition, conditionKind, semiSupervised, features, labels, only, header, transposed };
  if (!(await shouldStream(source, said, around))) {
    return work(await readWhole(source, options, around.method));
  }
  const { folder } = around;
  const isNew = !existsSync(folder.path);
  await folder.make();
  await folder.lock.take();
  try {
    await folder.prepare({ empty: false });
    const found = await stoppable((signal) => store(source, options, around, signal));
    if (found.stopped !== null) {
      throw new Interrupted(found.stopped, "Interrupted while the data were copied; run the command again");
    }
    await work(found.value);
  } finally {
    if (!(await folder.hasCheckpoint())) {
      const { removeSampleFile } = await import("../data/files/sample-file.js");
      await removeSampleFile(folder.samples);
    }
    await folder.lock.release();
    if (isNew) await folder.removeEmpty();
  }
}

/** A fit that is taken up again reads its data as it did before. Throws InputError for a method that cannot. */
async function shouldStream(
  source: string,
  { stream: asked = "auto", condition, conditionKind, semiSupervised }: FitDataOptions,
  { method, before, folder }: FitSurroundings,
): Promise<boolean> {
  if (before) {
    const did = before.data.streamed ? "on" : "off";
    if (asked === "auto" || asked === did) return did === "on";
    throw new InputError(
      `option --stream: found ${asked}, expected ${did} as in the interrupted fit in ${folder.path}`,
    );
  }
  if (asked === "on" && !method.streams) {
    throw new InputError(
      `option --stream: found on with --method ${method.name}, which needs all data in memory, expected off`,
    );
  }
  if (conditionKind !== undefined || semiSupervised || condition?.includes(",")) {
    if (asked !== "on") return false;
    throw new InputError(
      "option --stream: found on with a condition that is not one class for each row, which takes all data in memory, expected off",
    );
  }
  if (asked !== "auto" || !method.streams) return asked === "on";
  const { countValues } = await import("../data/read.js");
  const values = await countValues(source);
  return values !== undefined && isTooLarge(values, memoryBytes());
}

/** Whether so many values, as float32, would take more than a quarter of memory. */
export function isTooLarge(values: number, memory: number): boolean {
  return 4 * values > memory / 4;
}

/** Memory of the machine, or what a container lets this process have of it. */
function memoryBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

async function readWhole(source: string, options: ReadOptions, method: Method): Promise<ConditionedDataset> {
  const { readDataset } = await import("../data/read.js");
  const dataset = await readDataset(source, options);
  if (method.needsCondition && !dataset.condition) return refuseUnconditioned(dataset);
  return conditionedOrWhole(dataset);
}

/** The data in a file in the run folder: the one that stands there if it was made from the same, else a new one. */
async function store(
  source: string,
  options: ReadOptions,
  { method, folder, view }: FitSurroundings,
  signal: AbortSignal,
): Promise<ConditionedDataset> {
  const { streamDataset } = await import("../data/read.js");
  const { openSampleFile } = await import("../data/files/sample-file.js");
  const { datasetOfFile } = await import("../models/stored-dataset.js");
  const origin = await originOf(source, options);
  let file = await openSampleFile(folder.samples, origin);
  if (file === undefined) {
    const stream = await streamDataset(source, options);
    if (method.needsCondition && stream.condition === undefined) return refuseUnconditioned(stream);
    const { writeSampleFile } = await import("../data/files/sample-file-writer.js");
    view.note(`note: copying ${source} to ${folder.samples.rows}, from which training reads it`);
    const started = performance.now();
    file = await writeSampleFile(folder.samples, stream, origin, signal);
    const seconds = (performance.now() - started) / 1000;
    view.note(`note: copied ${count(file.file.samples, "sample")} in ${seconds.toFixed(1)} s`);
  }
  return datasetOfFile(file);
}

/** What a copy of data depends on: files as they are now, and how they are read. */
async function originOf(source: string, options: ReadOptions): Promise<string> {
  const files = [source, ...(options.labels === undefined ? [] : [options.labels])];
  const states = files.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return { path: resolve(path), bytes: found?.size, changed: found?.mtimeMs };
  });
  return JSON.stringify({ files: await Promise.all(states), options });
}

function refuseUnconditioned({
  name,
  image,
  featureNames,
}: Pick<Dataset, "name" | "featureNames"> & { readonly image?: unknown }): never {
  const table = !image && /\.(csv|tsv|txt|parquet|pq)(\.gz)?$/i.test(name);
  const columns = featureNames.slice(0, 12).join(", ") + (featureNames.length > 12 ? ", ..." : "");
  const way = table
    ? `Name the column that holds it with --condition COLUMN (the columns are ${columns})`
    : "Give a file with one label a sample with --labels FILE";
  throw new InputError(
    `${name}: without a condition, such as the class of each row, the latents of a nonlinear model are not identifiable: ` +
      `infinitely many unlike ones fit the data equally well. ${way}, ` +
      "or say with --method ssl --augment what makes other samples of a sample, or fit --method pca, ica or vae for latents that are not identified.",
  );
}

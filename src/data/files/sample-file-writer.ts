import { setImmediate } from "node:timers/promises";
import { node } from "../../platform/node.js";
import type { SampleFile } from "../dataset.js";
import { Fingerprint } from "../fingerprint.js";
import { ClassNumbers } from "../labels.js";
import { encodeRows, readAllRows } from "../sample-rows.js";
import type { SampleStream } from "../sample-stream.js";
import { ColumnMoments } from "../statistics.js";
import { count, quote, refuse } from "../wording.js";
import { AtomicFile, writeFileAtomic } from "./atomic-write.js";
import {
  type About,
  type DescribedFile,
  describe,
  removeSampleFile,
  type SampleFilePaths,
} from "./sample-file.js";

/** Between so many samples timers and signals have their turn. */
const SAMPLES_A_BREATH = 1 << 18;

/** A column that numbers its rows is no condition, and so many names fit in memory. */
const MOST_CLASSES = 100_000;

/** Positions of samples are 32-bit integers. */
const MOST_SAMPLES = 2 ** 31 - 1;

/**
 * Writes the samples of a stream to a file from which any of them can be read, in memory that does not grow with
 * them: a first pass writes the rows and takes up means and classes, others over the rows take deviations and the
 * fingerprint. What is known of the samples is written last, so that rows without it are none. Samples without a
 * condition are one class. When cancelled or where anything fails no file is left. Throws FailureError where the
 * file cannot be written, InputError for data that cannot be used.
 */
export async function writeSampleFile(
  paths: SampleFilePaths,
  stream: SampleStream,
  origin: string,
  signal?: AbortSignal,
): Promise<DescribedFile> {
  await removeSampleFile(paths);
  try {
    const { name, width, featureNames, image } = stream;
    const moments = new ColumnMoments(width);
    const numberOf = new ClassNumbers();
    const samples = await writeRows(paths.rows, stream, moments, numberOf, signal);
    const { classes, classOf } = stream.condition ? numberOf.finish() : { classes: ["all"], classOf: [0] };
    const condition = stream.condition === undefined ? undefined : { name: stream.condition, classes };
    const measured = await measure(
      { path: paths.rows, samples, width, classOf: Int32Array.from(classOf) },
      classes,
      moments,
      signal,
    );
    const about: About = {
      format: "unmix-samples",
      version: 1,
      origin,
      name,
      samples,
      width,
      featureNames: [...featureNames],
      image,
      condition,
      classOf: [...classOf],
      ...measured,
    };
    await writeFileAtomic(paths.about, `${JSON.stringify(about)}\n`);
    return describe(paths, about);
  } catch (error) {
    await removeSampleFile(paths);
    throw error;
  }
}

async function writeRows(
  path: string,
  { name, width, condition, portions }: SampleStream,
  moments: ColumnMoments,
  classes: ClassNumbers,
  signal: AbortSignal | undefined,
): Promise<number> {
  const file = await AtomicFile.open(path);
  let samples = 0;
  try {
    for await (const { features, labels } of portions) {
      signal?.throwIfAborted();
      const numberOf = Int32Array.from({ length: features.length / width }, (_, row) =>
        labels ? classes.numberOf(labels[row]) : 0,
      );
      moments.addToMeans(features);
      await file.write(encodeRows(features, numberOf, width));
      samples += numberOf.length;
      if (samples > MOST_SAMPLES)
        refuse(`${name}: found over ${MOST_SAMPLES} samples, expected at most as many`);
      if (classes.size > MOST_CLASSES) {
        refuse(
          `${name}: condition ${quote(condition ?? "")} has over ${MOST_CLASSES.toLocaleString("en-US")} classes in ` +
            `${count(samples, "row")}, expected classes that repeat`,
        );
      }
    }
    if (samples === 0) refuse(`${name}: found no samples`);
    await file.commit();
    return samples;
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/**
 * What can be known only when means and classes are. Two passes, since the fingerprint, which is that of the data in
 * memory, takes labels after features.
 */
async function measure(
  file: Omit<SampleFile, "counts" | "statistics" | "fingerprint">,
  classes: readonly string[],
  moments: ColumnMoments,
  signal: AbortSignal | undefined,
): Promise<Pick<About, "counts" | "statistics" | "fingerprint">> {
  const hash = new Fingerprint();
  const counts = new Array<number>(classes.length).fill(0);
  const reader = node.openForReading(file.path);
  const pass = async (visit: (features: Float32Array, labels: Int32Array) => void) => {
    for (const { from, features, labels } of readAllRows(file, reader)) {
      if (from % SAMPLES_A_BREATH === 0) await setImmediate();
      signal?.throwIfAborted();
      visit(features, labels);
    }
  };
  try {
    hash.add([file.samples, file.width]);
    await pass((features) => {
      moments.addToDeviations(features);
      hash.add(new Uint32Array(features.buffer, features.byteOffset, features.length));
    });
    hash.addText(JSON.stringify(classes));
    await pass((_, labels) => {
      hash.add(labels);
      for (const label of labels) counts[label]++;
    });
  } finally {
    reader.close();
  }
  const { mean, sd, constant } = moments.statistics();
  return {
    counts,
    statistics: { mean: [...mean], sd: [...sd], constant: [...constant] },
    fingerprint: hash.digits(),
  };
}

import { type Dataset, numberedNames } from "./dataset.js";
import { AtomicFile } from "./files/atomic-write.js";
import { sizeOf } from "./numeric-array.js";
import { type TableEncoder, type TableHead, tableEncoder } from "./table-encoders.js";
import { count, refuse } from "./wording.js";

/** An array to write. Shape [samples, ...]; anything behind the first axis is one row. */
export interface WritableArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** Names of the columns of a CSV file. Default: x1, x2 ... */
  readonly columns?: readonly string[];
}

/** Rows that are best written at once: a row group of Parquet. */
export const ROWS_PER_PORTION = 1 << 16;

/** A table that is written in portions, and whose file appears whole, with `commit`, or not at all. */
export class TableWriter {
  private constructor(
    private readonly file: AtomicFile,
    private readonly encoder: TableEncoder,
    private started = false,
  ) {}

  /**
   * Starts a `.npy`, `.csv` or `.parquet` file, by the name. Throws InputError for another extension or a table that
   * the format cannot hold, FailureError where the file cannot be written.
   */
  static async open(path: string, head: TableHead): Promise<TableWriter> {
    const encoder = tableEncoder(path, head);
    return new TableWriter(await AtomicFile.open(path), encoder);
  }

  /** Adds rows, [row][feature], and where the table has a condition the class index of each. */
  async write(features: Float32Array, labels?: Int32Array): Promise<void> {
    await this.start();
    for (const piece of this.encoder.rows(features, labels)) await this.file.write(piece);
  }

  async commit(): Promise<void> {
    await this.start();
    await this.file.write(this.encoder.end());
    await this.file.commit();
  }

  /** Removes what was written; nothing after `commit`. */
  discard(): Promise<void> {
    return this.file.discard();
  }

  private async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    await this.file.write(this.encoder.start());
  }
}

/** Writes an array as `.npy`, `.csv` or `.parquet`, by the name. Throws InputError for another extension. */
export async function writeArray(path: string, array: WritableArray): Promise<void> {
  const { data, shape } = array;
  if (sizeOf(shape) !== data.length) {
    refuse(
      `${path}: found ${count(data.length, "value")}, expected ${sizeOf(shape)} for shape [${shape.join(", ")}]`,
    );
  }
  const width = sizeOf(shape.slice(1));
  const featureNames = array.columns ?? numberedNames(width);
  if (featureNames.length !== width) {
    refuse(`${path}: found ${count(featureNames.length, "column name")}, expected ${width}`);
  }
  return writeTable(path, { featureNames, shape }, data);
}

/** Writes a data set with its labels as `.csv` or `.parquet`, by the name. */
export async function writeDataset(path: string, dataset: Dataset): Promise<void> {
  const { featureNames, condition, features, samples, width } = dataset;
  return writeTable(path, { featureNames, condition, shape: [samples, width] }, features, condition?.labels);
}

/**
 * Writes tables side by side: `fill` adds their rows. All of them appear when it is done, or none where anything
 * fails.
 */
export async function writeTables(
  tables: readonly { readonly path: string; readonly head: TableHead }[],
  fill: (writers: readonly TableWriter[]) => Promise<void>,
): Promise<void> {
  const writers: TableWriter[] = [];
  try {
    for (const { path, head } of tables) writers.push(await TableWriter.open(path, head));
    await fill(writers);
    for (const writer of writers) await writer.commit();
  } catch (error) {
    for (const writer of writers) await writer.discard();
    throw error;
  }
}

function writeTable(
  path: string,
  head: TableHead,
  features: Float32Array,
  labels?: Int32Array,
): Promise<void> {
  const width = head.featureNames.length;
  const samples = head.shape[0] ?? 1;
  return writeTables([{ path, head }], async ([table]) => {
    for (let from = 0; from < samples; from += ROWS_PER_PORTION) {
      const to = Math.min(samples, from + ROWS_PER_PORTION);
      await table.write(features.subarray(from * width, to * width), labels?.subarray(from, to));
    }
  });
}

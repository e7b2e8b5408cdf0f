import { parquetWriteBuffer } from "hyparquet-writer";
import { type Dataset, numberedNames } from "./dataset.js";
import { writeFileAtomic, writeFileAtomicFrom } from "./files/atomic-write.js";
import { encodeNpy } from "./npy-format.js";
import { sizeOf } from "./numeric-array.js";
import { count, quote, refuse } from "./wording.js";

/** An array to write. Shape [samples, ...]; anything behind the first axis is one row. */
export interface WritableArray {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  /** Names of the columns of a CSV file. Default: x1, x2 ... */
  readonly columns?: readonly string[];
}

const rowsPerPiece = 1024;

/** Writes an array as `.npy`, `.csv` or `.parquet`, by the name. Throws InputError for another extension. */
export async function writeArray(path: string, array: WritableArray): Promise<void> {
  const { data, shape } = array;
  if (sizeOf(shape) !== data.length) {
    refuse(
      `${path}: found ${count(data.length, "value")}, expected ${sizeOf(shape)} for shape [${shape.join(", ")}]`,
    );
  }
  const extension = extensionOf(path);
  if (extension === ".npy") return writeFileAtomic(path, encodeNpy({ data, shape }));
  const samples = shape[0] ?? 1;
  const width = sizeOf(shape.slice(1));
  const featureNames = array.columns ?? numberedNames(width);
  if (featureNames.length !== width) {
    refuse(`${path}: found ${count(featureNames.length, "column name")}, expected ${width}`);
  }
  const table: Dataset = { name: path, features: data, samples, width, featureNames };
  if (extension === ".csv") return writeDatasetCsv(path, table);
  if (extension === ".parquet") return writeDatasetParquet(path, table);
  return refuse(`${path}: found the extension ${quote(extension)}, expected .npy, .csv or .parquet`);
}

/** Writes a data set with its labels as `.csv` or `.parquet`, by the name. */
export async function writeDataset(path: string, dataset: Dataset): Promise<void> {
  const extension = extensionOf(path);
  if (extension === ".csv") return writeDatasetCsv(path, dataset);
  if (extension === ".parquet") return writeDatasetParquet(path, dataset);
  return refuse(`${path}: found the extension ${quote(extension)}, expected .csv or .parquet`);
}

/**
 * Writes a data set as CSV, streamed: a header, one sample a row, the label in the last column. Every number
 * is the shortest text that reads back as the same float32.
 */
export async function writeDatasetCsv(path: string, dataset: Dataset): Promise<void> {
  checkLabelColumn(path, dataset);
  await writeFileAtomicFrom(path, csvPieces(dataset));
}

/** Writes a data set as Parquet: float columns, the label last as INT32 or, if it is no integer, as text. */
export async function writeDatasetParquet(path: string, dataset: Dataset): Promise<void> {
  checkLabelColumn(path, dataset);
  const { features, samples, width, condition } = dataset;
  const columns = dataset.featureNames.map((name, j) => {
    const data = Float32Array.from({ length: samples }, (_, i) => features[i * width + j]);
    return { name, data, type: "FLOAT" as const, nullable: false };
  });
  if (condition === undefined) return writeFileAtomic(path, parquetBytes(columns));
  const integers = condition.classes.every((label) => String(Number(label) | 0) === label);
  const labels = Array.from(condition.labels, (index) => condition.classes[index]);
  const labelColumn = integers
    ? { name: condition.name, data: Int32Array.from(labels, Number), type: "INT32" as const, nullable: false }
    : { name: condition.name, data: labels, type: "STRING" as const, nullable: false };
  return writeFileAtomic(path, parquetBytes([...columns, labelColumn]));
}

/** The shortest decimal text that reads back as the same float32. */
export function float32Text(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

function parquetBytes(columnData: Parameters<typeof parquetWriteBuffer>[0]["columnData"]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function* csvPieces({ features, samples, width, featureNames, condition }: Dataset): Generator<string> {
  const names = condition === undefined ? featureNames : [...featureNames, condition.name];
  const classes = condition?.classes.map(csvCell);
  let piece = `${names.map(csvCell).join(",")}\n`;
  for (let row = 0; row < samples; row++) {
    const cells = Array.from(features.subarray(row * width, (row + 1) * width), float32Text);
    if (condition !== undefined && classes !== undefined) cells.push(classes[condition.labels[row]]);
    piece += `${cells.join(",")}\n`;
    if ((row + 1) % rowsPerPiece === 0) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

function csvCell(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function checkLabelColumn(path: string, { condition, featureNames }: Dataset): void {
  if (condition !== undefined && featureNames.includes(condition.name)) {
    refuse(`${path}: the condition ${quote(condition.name)} has the name of a feature column`);
  }
}

function extensionOf(path: string): string {
  return /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? "";
}

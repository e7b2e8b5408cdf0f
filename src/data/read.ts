import { asksForValues } from "./condition-reading.js";
import { countCsvValues, readCsv, streamCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";
import { mnistPattern, readMnist } from "./files/mnist.js";
import { readPngFolder } from "./files/png-folder.js";
import { kindOfPath, openSource, readHead, type Source } from "./files/source.js";
import { readIdx } from "./idx.js";
import { idxPattern } from "./idx-format.js";
import { readNpy, streamNpy } from "./npy.js";
import { countNpyValues } from "./npy-stream.js";
import { readNpz } from "./npz.js";
import { onlyClasses, onlyPortions } from "./only.js";
import { checkReadOptions, type ReadOptions } from "./options.js";
import { countParquetValues, readParquet, streamParquet } from "./parquet.js";
import type { SampleStream } from "./sample-stream.js";
import { refuse } from "./wording.js";

interface FileFormat {
  readonly title: string;
  readonly pattern: RegExp;
  /** The first bytes, by which a file is known whose name says nothing. */
  readonly mark?: string;
  readonly read: (source: Source, options: ReadOptions) => Promise<Dataset>;
  /** Reads portion by portion, where the format allows it. */
  readonly stream?: (source: Source, options: ReadOptions) => Promise<SampleStream>;
  /** About how many values a file holds. */
  readonly count?: (source: Source) => Promise<number>;
}

const fileFormats: readonly FileFormat[] = [
  {
    title: "CSV",
    pattern: /\.(csv|tsv|txt)(\.gz)?$/i,
    read: readCsv,
    stream: streamCsv,
    count: countCsvValues,
  },
  {
    title: "Parquet",
    pattern: /\.(parquet|pq)$/i,
    mark: "PAR1",
    read: readParquet,
    stream: streamParquet,
    count: countParquetValues,
  },
  {
    title: "npy",
    pattern: /\.npy(\.gz)?$/i,
    mark: "\x93NUMPY",
    read: readNpy,
    stream: streamNpy,
    count: countNpyValues,
  },
  { title: "npz", pattern: /\.npz$/i, mark: "PK\x03\x04", read: readNpz },
  { title: "IDX", pattern: idxPattern, mark: "\0\0\x08", read: readIdx },
];

/**
 * Reads a data set: a CSV, Parquet, npy, npz or IDX file, a directory of PNG images with a sub-folder a
 * class, or the data names `mnist` and `mnist:test`. Throws InputError with one sentence that names the
 * file, the place, what was found and what was expected.
 *
 * @example
 * const data = await readDataset("d.csv", { condition: "label" });
 */
export async function readDataset(source: string, options: ReadOptions = {}): Promise<Dataset> {
  checkReadOptions(options);
  const dataset = await readAll(source, options);
  const { condition } = dataset;
  if (asksForValues(options) && condition && !condition.values && !condition.probabilities) {
    refuse(`${source}: holds classes only, found --condition-kind ${options.conditionKind}, expected class`);
  }
  return options.only === undefined ? dataset : onlyClasses(dataset, options.only);
}

async function readAll(source: string, options: ReadOptions): Promise<Dataset> {
  if (source === "") refuse("the name of the data is empty, expected a file, a directory or mnist");
  if (mnistPattern.test(source)) return readMnist(source, options);
  if ((await kindOfPath(source)) === "directory") return readPngFolder(source, options);
  return (await formatOf(source)).read(await openSource(source), options);
}

/**
 * The same data portion by portion, for files that are larger than memory: CSV, Parquet and npy. Throws InputError for
 * the other kinds, and as `readDataset` does.
 */
export async function streamDataset(source: string, options: ReadOptions = {}): Promise<SampleStream> {
  checkReadOptions(options);
  const format = await streamableFormat(source);
  if (format?.stream === undefined) {
    const titles = fileFormats.filter(({ stream }) => stream).map(({ title }) => title);
    return refuse(`${source}: cannot be read portion by portion, expected a file of ${titles.join(", ")}`);
  }
  const stream = await format.stream(await openSource(source), options);
  return options.only === undefined ? stream : onlyPortions(stream, options.only);
}

/** About how many values the data of a file have, or undefined where `streamDataset` cannot read it. */
export async function countValues(source: string): Promise<number | undefined> {
  const format = await streamableFormat(source);
  if (format?.count === undefined) return undefined;
  const file = await openSource(source);
  // What a pipe holds can be read once only.
  return file.size > 0 ? format.count(file) : undefined;
}

async function streamableFormat(source: string): Promise<FileFormat | undefined> {
  if (source === "" || mnistPattern.test(source) || (await kindOfPath(source)) === "directory")
    return undefined;
  return formatOf(source);
}

async function formatOf(path: string): Promise<FileFormat> {
  return fileFormats.find(({ pattern }) => pattern.test(path)) ?? (await formatByMark(path));
}

async function formatByMark(path: string): Promise<FileFormat> {
  const head = new TextDecoder("latin1").decode(await readHead(path, 8));
  const format = fileFormats.find(({ mark }) => mark !== undefined && head.startsWith(latin1(mark)));
  if (format !== undefined) return format;
  const titles = fileFormats.map(({ title }) => title).join(", ");
  return refuse(
    `${path}: cannot tell the format of this file, expected ${titles} or a directory of PNG images`,
  );
}

/** A mark as the decoder for Windows' Latin-1, which TextDecoder uses, shows it. */
function latin1(mark: string): string {
  return new TextDecoder("latin1").decode(Uint8Array.from(mark, (character) => character.charCodeAt(0)));
}

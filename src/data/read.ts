import { readCsv } from "./csv.js";
import type { Dataset } from "./dataset.js";
import { mnistPattern, readMnist } from "./files/mnist.js";
import { readPngFolder } from "./files/png-folder.js";
import { kindOfPath, openSource, readHead, type Source } from "./files/source.js";
import { readIdx } from "./idx.js";
import { idxPattern } from "./idx-format.js";
import { readNpy } from "./npy.js";
import { readNpz } from "./npz.js";
import { onlyClasses } from "./only.js";
import { checkReadOptions, type ReadOptions } from "./options.js";
import { readParquet } from "./parquet.js";
import { refuse } from "./wording.js";

interface FileFormat {
  readonly title: string;
  readonly pattern: RegExp;
  /** The first bytes, by which a file is known whose name says nothing. */
  readonly mark?: string;
  readonly read: (source: Source, options: ReadOptions) => Promise<Dataset>;
}

const fileFormats: readonly FileFormat[] = [
  { title: "CSV", pattern: /\.(csv|tsv|txt)(\.gz)?$/i, read: readCsv },
  { title: "Parquet", pattern: /\.(parquet|pq)$/i, mark: "PAR1", read: readParquet },
  { title: "npy", pattern: /\.npy(\.gz)?$/i, mark: "\x93NUMPY", read: readNpy },
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
  return options.only === undefined ? dataset : onlyClasses(dataset, options.only);
}

async function readAll(source: string, options: ReadOptions): Promise<Dataset> {
  if (source === "") refuse("the name of the data is empty, expected a file, a directory or mnist");
  if (mnistPattern.test(source)) return readMnist(source, options);
  if ((await kindOfPath(source)) === "directory") return readPngFolder(source, options);
  const file = await openSource(source);
  const format = fileFormats.find(({ pattern }) => pattern.test(source)) ?? (await formatByMark(source));
  return format.read(file, options);
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

import {
  asksForValues,
  conditionOfColumns,
  namedColumns,
  problemWithCondition,
} from "./condition-reading.js";
import { type CsvRecord, readRecords } from "./csv-records.js";
import type { Condition } from "./dataset.js";
import { openSource, type Source } from "./files/source.js";
import { decodeIdx, idxPattern } from "./idx-format.js";
import { conditionOf, orNoLabel, problemWithLabel } from "./labels.js";
import { decodeNpy } from "./npy-format.js";
import { fitsFloat32, isNumericCell } from "./numbers.js";
import type { FileArray } from "./numeric-array.js";
import type { ReadOptions } from "./options.js";
import { count, refuse } from "./wording.js";

/**
 * Reads one label a sample from an npy file ([N] or [N, 1], numbers or text), an IDX file, or text with one
 * label a line, with or without a header. `data` is what the labels are for. Throws InputError, naming both
 * files, when their lengths differ.
 */
export async function readLabelFile(
  path: string,
  data: { readonly name: string; readonly samples: number },
  options: ReadOptions,
): Promise<Condition> {
  if (asksForValues(options)) return readValueFile(path, data, options);
  const source = await openSource(path);
  const labels = await readLabels(source, data.samples, options);
  if (labels.length !== data.samples) refuseLabelCount(path, labels.length, data);
  return conditionOf(options.condition ?? "label", labels);
}

/** The condition whose columns are those of a data file. */
async function readValueFile(
  path: string,
  data: { readonly name: string; readonly samples: number },
  options: ReadOptions,
): Promise<Condition> {
  if (npyPattern.test(path)) {
    const array = decodeNpy(await (await openSource(path)).bytes(), path);
    if (array.shape[0] !== data.samples) refuseLabelCount(path, array.shape[0], data);
    return conditionOfArray(path, array, { ...options, condition: options.condition ?? "u" });
  }
  const { conditionKind, header } = options;
  const { readDataset } = await import("./read.js");
  const { featureNames, features, width, samples } = await readDataset(path, { header });
  if (samples !== data.samples) refuseLabelCount(path, samples, data);
  const columns = namedColumns(path, featureNames, conditionKind);
  const texts = columns.map((_, c) =>
    Array.from({ length: samples }, (_, n) => String(features[n * width + c])),
  );
  return conditionOfColumns(path, columns, texts);
}

/** The columns of a condition that is in an array of shape [N] or [N, k]. */
export function conditionOfArray(name: string, { shape, data }: FileArray, options: ReadOptions): Condition {
  const columns = shape.length > 1 ? shape[1] : 1;
  if (shape.length > 2)
    refuse(`${name}: found an array of shape [${shape.join(", ")}], expected [N] or [N, k]`);
  const given = options.condition ?? "u";
  const names = columns === 1 ? [given] : Array.from({ length: columns }, (_, c) => `${given}${c + 1}`);
  const named = namedColumns(name, names, options.conditionKind);
  const values = Array.from(data as Iterable<string | number | bigint>, String);
  const texts = named.map((_, c) => Array.from({ length: shape[0] }, (_, n) => values[n * columns + c]));
  texts.forEach((column, c) => {
    column.forEach((text, row) => {
      const problem = problemWithCondition(text, named[c].kind);
      if (problem !== undefined) refuse(`${name}, row ${row + 1}: ${problem}`);
    });
  });
  return conditionOfColumns(name, named, texts);
}

/** Raises the InputError for labels that are more or fewer than the samples. */
export function refuseLabelCount(
  path: string,
  found: number,
  data: { readonly name: string; readonly samples: number },
): never {
  return refuse(
    `${path}: found ${count(found, "label")}, expected ${count(data.samples, "label")}, ` +
      `one for each sample of ${data.name}`,
  );
}

/**
 * The labels in an array of shape [N] or [N, 1], as text; where it is part of a larger one, `firstRow` is where it
 * begins. Throws InputError for another shape or NaN.
 */
export function labelsOfArray(
  name: string,
  { shape, data }: FileArray,
  {
    firstRow = 0,
    semiSupervised = false,
  }: { readonly firstRow?: number; readonly semiSupervised?: boolean | undefined } = {},
): string[] {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    refuse(`${name}: found labels of shape [${shape.join(", ")}], expected [N]`);
  }
  return Array.from(data as Iterable<string | number | bigint>, (label, index) => {
    if (semiSupervised) return orNoLabel(String(label));
    const problem =
      typeof label === "number" && !fitsFloat32(label)
        ? `found ${label}, expected a class`
        : problemWithLabel(String(label));
    if (problem !== undefined) refuse(`${name}, row ${firstRow + index + 1}: ${problem}`);
    return String(label);
  });
}

export const npyPattern = /\.npy(\.gz)?$/i;

async function readLabels(source: Source, samples: number, options: ReadOptions): Promise<readonly string[]> {
  const { name } = source;
  if (npyPattern.test(name)) return labelsOfArray(name, decodeNpy(await source.bytes(), name), options);
  if (idxPattern.test(name)) return labelsOfArray(name, decodeIdx(await source.bytes(), name));
  const labels: string[] = [];
  for await (const records of readRecords(source)) {
    for (const record of records) labels.push(labelOfRecord(name, record, options));
  }
  return hasHeader(labels, samples, options.header) ? labels.slice(1) : labels;
}

/** The label that a line of text is. */
export function labelOfRecord(
  name: string,
  { cells, line }: CsvRecord,
  { semiSupervised }: ReadOptions = {},
): string {
  if (cells.length !== 1) {
    refuse(`${name}, line ${line}: found ${count(cells.length, "cell")}, expected one label a line`);
  }
  const label = cells[0].trim();
  if (semiSupervised) return orNoLabel(label);
  const problem = problemWithLabel(label);
  if (problem !== undefined) refuse(`${name}, line ${line}: ${problem}`);
  return label;
}

/** A first line is a title if one label is over, or if it alone is no number. */
function hasHeader(labels: readonly string[], samples: number, said: boolean | undefined): boolean {
  if (said !== undefined) return said;
  if (labels.length === samples || labels.length < 2) return false;
  return labels.length === samples + 1 || (!isNumericCell(labels[0]) && labels.slice(1).every(isNumericCell));
}

import { type Unzipped, unzipSync, zipSync } from "fflate";
import { datasetFromArray } from "./array-dataset.js";
import { asksForValues } from "./condition-reading.js";
import type { Condition, Dataset } from "./dataset.js";
import type { Source } from "./files/source.js";
import { conditionOfArray, labelsOfArray } from "./label-file.js";
import { conditionOf } from "./labels.js";
import { decodeNpy, encodeNpy } from "./npy-format.js";
import type { FileArray, Numbers } from "./numeric-array.js";
import type { ReadOptions } from "./options.js";
import { quote, quoteList, reasonOf, refuse } from "./wording.js";

const usualNames = ["x", "X", "data", "features"];

/**
 * Reads a `.npz` file. The features are the array that `features` names, else `x`, `X`, `data` or
 * `features`, else the only array of 2 to 4 dimensions; the labels are the array that `condition` names.
 * Throws InputError when an array is missing, cannot be told, or cannot be used.
 */
export async function readNpz(source: Source, options: ReadOptions): Promise<Dataset> {
  const { name } = source;
  const arrays = decodeNpz(await source.bytes(), name);
  if (arrays.size === 0) refuse(`${name}: holds no arrays`);
  const featureArray = chooseFeatureArray(name, arrays, options);
  const condition =
    options.labels === undefined ? readCondition(name, arrays, featureArray, options) : undefined;
  const array = arrays.get(featureArray)!;
  if (condition !== undefined && array.shape[0] !== condition.labels.length) {
    refuse(
      `${name}: array ${quote(condition.name)} holds ${condition.labels.length} labels, ` +
        `expected ${array.shape[0]}, one for each sample of array ${quote(featureArray)}`,
    );
  }
  const named = options.features?.[0] === featureArray ? { ...options, features: undefined } : options;
  return datasetFromArray(name, array, named, condition);
}

/** Decodes every array of an npz file, by name. Throws InputError for a file that is no zip or is damaged. */
export function decodeNpz(bytes: Uint8Array, name: string): Map<string, FileArray> {
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    refuse(`${name}: not an npz file, its first bytes are not those of a zip archive`);
  }
  let entries: Unzipped;
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    return refuse(`${name}: the zip archive is damaged or cut short (${reasonOf(error)})`);
  }
  const arrays = new Map<string, FileArray>();
  for (const [entry, content] of Object.entries(entries)) {
    if (!entry.endsWith(".npy"))
      refuse(`${name}: found ${quote(entry)} in the archive, expected npy arrays only`);
    const array = entry.slice(0, -".npy".length);
    arrays.set(array, decodeNpy(content, `${name}, array ${quote(array)}`));
  }
  return arrays;
}

/** Encodes arrays as an npz file, uncompressed as `numpy.savez` does. */
export function encodeNpz(
  arrays: Readonly<Record<string, { readonly data: Numbers; readonly shape: readonly number[] }>>,
): Uint8Array {
  const entries = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeNpy(array)] as const);
  return zipSync(Object.fromEntries(entries), { level: 0, mtime: "1980-01-01T12:00:00Z" });
}

function chooseFeatureArray(
  name: string,
  arrays: ReadonlyMap<string, FileArray>,
  options: ReadOptions,
): string {
  const wanted = options.features?.length === 1 ? options.features[0] : undefined;
  if (wanted !== undefined && arrays.has(wanted)) {
    if (wanted === options.condition) {
      refuse(`${name}: array ${quote(wanted)} is the condition and also listed in --features`);
    }
    return wanted;
  }
  const others = [...arrays.keys()].filter((key) => key !== options.condition);
  const usual = usualNames.find((key) => others.includes(key));
  if (usual !== undefined) return usual;
  const fitting = others.filter((key) => {
    const { length } = arrays.get(key)!.shape;
    return length >= 2 && length <= 4;
  });
  if (fitting.length === 1) return fitting[0];
  const found = fitting.length === 0 ? "no array" : `${fitting.length} arrays`;
  return refuse(
    `${name}: found ${found} of 2 to 4 dimensions, expected one or an array named x; ` +
      `name it with --features (its arrays are ${quoteList([...arrays.keys()])})`,
  );
}

function readCondition(
  name: string,
  arrays: ReadonlyMap<string, FileArray>,
  featureArray: string,
  options: ReadOptions,
): Condition | undefined {
  const others = quoteList([...arrays.keys()].filter((key) => key !== featureArray)) || "none";
  if (options.condition === undefined) {
    if (!options.requireCondition) return undefined;
    return refuse(
      `${name}: no condition given; name the array with the class of each sample with --condition ` +
        `(its other arrays are ${others})`,
    );
  }
  const array = arrays.get(options.condition);
  if (array === undefined) {
    return refuse(
      `${name}: no array ${quote(options.condition)} (--condition); its other arrays are ${others}`,
    );
  }
  const called = `${name}, array ${quote(options.condition)}`;
  if (asksForValues(options)) return conditionOfArray(called, array, options);
  return conditionOf(options.condition, labelsOfArray(called, array, options));
}

import { datasetFromArray } from "./array-dataset.js";
import type { Dataset } from "./dataset.js";
import type { Source } from "./files/source.js";
import { decodeIdx } from "./idx-format.js";
import type { ReadOptions } from "./options.js";

/** Reads an IDX file of images or vectors; see {@link datasetFromArray}. */
export async function readIdx(source: Source, options: ReadOptions): Promise<Dataset> {
  return datasetFromArray(source.name, decodeIdx(await source.bytes(), source.name), options);
}

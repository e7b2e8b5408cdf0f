import { datasetFromArray } from "./array-dataset.js";
import type { Dataset } from "./dataset.js";
import type { Source } from "./files/source.js";
import { decodeNpy } from "./npy-format.js";
import type { ReadOptions } from "./options.js";

/** Reads a `.npy` file of shape [N, d], [N, H, W] or [N, C, H, W]; see {@link datasetFromArray}. */
export async function readNpy(source: Source, options: ReadOptions): Promise<Dataset> {
  return datasetFromArray(source.name, decodeNpy(await source.bytes(), source.name), options);
}

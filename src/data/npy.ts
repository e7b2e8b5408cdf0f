import {
  checkArrayShape,
  datasetFromArray,
  expectNumbers,
  refuseText,
  refuseWithoutLabels,
  samplesOfArray,
} from "./array-dataset.js";
import type { Dataset } from "./dataset.js";
import type { Source } from "./files/source.js";
import { LabelStream } from "./label-stream.js";
import { decodeNpy } from "./npy-format.js";
import { streamNpyArray } from "./npy-stream.js";
import type { ReadOptions } from "./options.js";
import type { SamplePortion, SampleStream } from "./sample-stream.js";

/** Reads a `.npy` file of shape [N, d], [N, H, W] or [N, C, H, W]; see {@link datasetFromArray}. */
export async function readNpy(source: Source, options: ReadOptions): Promise<Dataset> {
  return datasetFromArray(source.name, decodeNpy(await source.bytes(), source.name), options);
}

/** The same portion by portion, its labels read from their file side by side. */
export async function streamNpy(source: Source, options: ReadOptions): Promise<SampleStream> {
  const { name } = source;
  const { shape, isText, portions: arrays } = await streamNpyArray(source);
  if (isText) refuseText(name);
  checkArrayShape(name, shape);
  const samples = shape[0];
  const none = samplesOfArray(name, { shape: [0, ...shape.slice(1)], data: new Float32Array() }, options);
  if (options.labels === undefined && (options.condition !== undefined || options.requireCondition)) {
    refuseWithoutLabels(name, samples);
  }
  const labels = options.labels === undefined ? undefined : await LabelStream.open(options.labels, options);
  async function* portions(): AsyncGenerator<SamplePortion> {
    let row = 0;
    for await (const array of arrays) {
      const { features, samples: count } = samplesOfArray(name, expectNumbers(name, array), options, row);
      row += count;
      const own = await labels?.take(count);
      if (own && own.length < count) await labels?.expectEnd({ name, samples });
      yield { features, labels: own };
    }
    await labels?.expectEnd({ name, samples });
  }
  return {
    name,
    width: none.width,
    featureNames: none.featureNames,
    image: none.image,
    condition: labels && (options.condition ?? "label"),
    samples,
    portions: portions(),
  };
}

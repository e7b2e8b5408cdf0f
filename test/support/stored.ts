import { join } from "node:path";
import type { ConditionedDataset } from "../../src/data/check.js";
import type { Dataset } from "../../src/data/dataset.js";
import { writeSampleFile } from "../../src/data/files/sample-file-writer.js";
import type { SampleStream } from "../../src/data/sample-stream.js";
import { datasetOfFile, type StorageOptions } from "../../src/models/stored-dataset.js";

/** A data set as a stream, `together` samples at a time. */
export function streamOf(dataset: Dataset, together = 100): SampleStream {
  const { name, width, featureNames, image, condition, features, samples } = dataset;
  async function* portions() {
    for (let from = 0; from < samples; from += together) {
      const to = Math.min(samples, from + together);
      yield {
        features: features.slice(from * width, to * width),
        labels:
          condition && Array.from(condition.labels.subarray(from, to), (label) => condition.classes[label]),
      };
    }
  }
  return { name, width, featureNames, image, condition: condition?.name, portions: portions() };
}

/** The same data set with its samples in a file. */
export async function stored(
  folder: string,
  dataset: Dataset,
  options: StorageOptions = {},
): Promise<ConditionedDataset> {
  const name = `samples-${Math.floor(performance.now() * 1000)}`;
  const paths = { rows: join(folder, `${name}.bin`), about: join(folder, `${name}.json`) };
  const file = await writeSampleFile(paths, streamOf(dataset), "a test");
  return datasetOfFile(file, options);
}

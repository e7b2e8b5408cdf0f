import { readDataset } from "../data/read.js";
import { InputError } from "../errors.js";
import type { NamedData, NamedModel } from "../experiments/inputs.js";
import { modelFile, openModel } from "./open-model.js";
import { digestOfFile } from "./trained-run.js";

/** How `--data` of an experiment is written. */
export const NAMED_DATA_FORM =
  "data by name, as in fashion=t10k-images-idx3-ubyte.gz or test=images.gz+labels.gz, separated by commas";

/**
 * Data in words such as `fashion=images.gz` or `test=images.gz+labels.gz`. Throws InputError for words without a name,
 * a name that is given twice, and files that cannot be read.
 */
export async function namedData(
  words: readonly string[],
  transposed: boolean | undefined,
): Promise<NamedData[]> {
  const given = words.map((word) => {
    const [, name, file, labels] = /^([\w-]+)=([^+]+)(?:\+(.+))?$/.exec(word) ?? [];
    if (name === undefined)
      throw new InputError(`option --data: found "${word}", expected ${NAMED_DATA_FORM}`);
    return { name, file, labels };
  });
  expectOnce(given, "--data");
  return Promise.all(
    given.map(async ({ name, file, labels }) => ({
      name,
      digest: await digestOfFile(file),
      read: () => readDataset(file, { labels, transposed }),
    })),
  );
}

/** How `--models` of an experiment is written. */
export const NAMED_MODELS_FORM = "models by name, as in supervised=models/digits, separated by commas";

/**
 * Models in words such as `supervised=RUN`, a run's folder or a model file. Throws InputError for words without a name, a
 * name that is given twice, and what holds no model.
 */
export async function namedModels(words: readonly string[], threads?: number): Promise<NamedModel[]> {
  const given = words.map((word) => {
    const [, name, path] = /^([\w-]+)=(.+)$/.exec(word) ?? [];
    if (name === undefined) {
      throw new InputError(`option --models: found "${word}", expected ${NAMED_MODELS_FORM}`);
    }
    return { name, path };
  });
  expectOnce(given, "--models");
  return Promise.all(
    given.map(async ({ name, path }) => ({
      name,
      digest: await digestOfFile(await modelFile(path)),
      load: async () => (await openModel(path, threads)).model,
    })),
  );
}

function expectOnce(given: readonly { readonly name: string }[], option: string): void {
  const twice = given.find(({ name }, k) => given.findIndex((other) => other.name === name) < k);
  if (twice) throw new InputError(`option ${option}: found ${twice.name} twice, expected each name once`);
}

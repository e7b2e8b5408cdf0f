import { readDataset } from "../data/read.js";
import { InputError } from "../errors.js";
import type { NamedData } from "../experiments/inputs.js";
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
  const twice = given.find(({ name }, k) => given.findIndex((other) => other.name === name) < k);
  if (twice) throw new InputError(`option --data: found ${twice.name} twice, expected each name once`);
  return Promise.all(
    given.map(async ({ name, file, labels }) => ({
      name,
      digest: await digestOfFile(file),
      read: () => readDataset(file, { labels, transposed }),
    })),
  );
}

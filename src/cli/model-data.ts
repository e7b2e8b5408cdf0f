import type { Condition, Dataset } from "../data/dataset.js";
import { readDataset } from "../data/read.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";
import { file, names, text, toggle } from "./options.js";

/** Options that say how data for a model are read. */
export const modelDataOptions = {
  features: names("columns to use, in the order of the model's features (default: those of the same names)"),
  header: toggle("the first row of a text file names the columns (default: where it holds a word)", {
    negatable: true,
  }),
  transposed: toggle("swap rows and columns of every image, as EMNIST's files need"),
} as const;

export const labelOptions = {
  condition: text("column with the class of each row", "column", "the name of a column"),
  labels: file("file with one label a sample, for npy, npz and IDX data"),
  only: names("classes to keep; rows of other classes are left out (default: all)"),
} as const;

interface ModelDataChoice {
  readonly features?: readonly string[] | undefined;
  readonly header?: boolean | undefined;
  readonly transposed?: boolean | undefined;
  readonly condition?: string | undefined;
  readonly labels?: string | undefined;
  readonly only?: readonly string[] | undefined;
}

/** Formats with named columns. */
export const isTable = (source: string): boolean => /\.(csv|tsv|txt)(\.gz)?$|\.(parquet|pq)$/i.test(source);

/**
 * Reads data for a model: of a table the model's feature columns by their names, whatever else it holds; of anything
 * else all values. Throws InputError where a column is missing or the width or the shape of images differs.
 */
export async function readForModel(model: Model, source: string, choice: ModelDataChoice): Promise<Dataset> {
  const { featureNames } = model.facts.data;
  const features = choice.features ?? (isTable(source) ? featureNames : undefined);
  const dataset = await readDataset(source, { ...choice, features });
  const { preprocessing } = model.facts;
  if (dataset.image && preprocessing.kind === "image") {
    const [found, expected] = [dataset.image, preprocessing.image].map(
      (shape) => `${shape.height} x ${shape.width}`,
    );
    if (found !== expected) {
      throw new InputError(
        `${source}: found images of ${found} pixels, expected ${expected} as the model was fitted to`,
      );
    }
  }
  if (dataset.width !== model.dataWidth) {
    throw new InputError(
      `${source}: found ${dataset.width} features, expected ${model.dataWidth} as the model was fitted to`,
    );
  }
  return dataset;
}

/**
 * The same with the labels where there are any: those asked for, else the column that the fit used. To a model with a
 * single class every sample belongs to it.
 */
export async function readLabelledForModel(
  model: Model,
  source: string,
  choice: ModelDataChoice,
): Promise<{ dataset: Dataset; labels: Int32Array | undefined; note?: string }> {
  const named = choice.condition !== undefined || choice.labels !== undefined;
  if (!named && model.facts.condition.classes.length === 1) {
    const dataset = await readForModel(model, source, choice);
    return { dataset, labels: new Int32Array(dataset.samples) };
  }
  const condition = named || !isTable(source) ? choice.condition : model.facts.condition.name;
  try {
    const dataset = await readForModel(model, source, { ...choice, condition });
    return { dataset, labels: dataset.condition && labelsOf(model, source, dataset.condition) };
  } catch (error) {
    const mayGoWithout = condition !== choice.condition && choice.only === undefined;
    if (!(error instanceof InputError) || !mayGoWithout) throw error;
    const dataset = await readForModel(model, source, choice);
    return { dataset, labels: undefined, note: `the data are used without labels: ${error.message}` };
  }
}

/** Labels as indices of the model's classes. Throws InputError for a class that the model does not know. */
export function labelsOf(model: Model, source: string, { name, classes, labels }: Condition): Int32Array {
  const known = model.facts.condition.classes;
  const indices = classes.map((label) => known.indexOf(label));
  const strange = indices.indexOf(-1);
  if (strange >= 0) {
    throw new InputError(
      `${source}: class "${classes[strange]}" of "${name}" is not one of the model's (${known.slice(0, 12).join(", ")}); choose classes with --only`,
    );
  }
  return labels.map((label) => indices[label]);
}

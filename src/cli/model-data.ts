import type { ConditionKind } from "../data/condition-reading.js";
import { type ConditionColumn, nearestCells } from "../data/condition-values.js";
import type { Condition, Dataset, SampleConditions } from "../data/dataset.js";
import { readDataset } from "../data/read.js";
import { labelledRows, selectSamples } from "../data/split.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";
import { partsOfLabels } from "../models/parts-of-labels.js";
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
  readonly conditionKind?: readonly ConditionKind[] | undefined;
  readonly semiSupervised?: boolean | undefined;
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

/** Data for a model, and what is known of their conditions. */
export interface LabelledData {
  readonly dataset: Dataset;
  /** Indices of the model's classes, -1 where the class is not known; of a condition that is a point, of its cells. */
  readonly labels: Int32Array | undefined;
  /** As the model takes them. */
  readonly conditions: SampleConditions | undefined;
  readonly note?: string;
}

/**
 * The same with the conditions where there are any: those asked for, else the columns that the fit used. To a model with a
 * single class every sample belongs to it.
 */
export async function readLabelledForModel(
  model: Model,
  source: string,
  choice: ModelDataChoice,
): Promise<LabelledData> {
  const named = choice.condition !== undefined || choice.labels !== undefined;
  const { condition: known } = model.facts;
  if (!named && known.classes.length === 1 && !known.values) {
    const dataset = await readForModel(model, source, choice);
    const labels = new Int32Array(dataset.samples);
    return { dataset, labels, conditions: labels };
  }
  const condition = named || !isTable(source) ? choice.condition : known.name;
  try {
    const kinds = kindsOfModel(model, named);
    const dataset = await readForModel(model, source, { ...kinds, ...given(choice), condition });
    return { dataset, ...(dataset.condition ? conditionsFor(model, dataset, dataset.condition) : unknown) };
  } catch (error) {
    const mayGoWithout = condition !== choice.condition && choice.only === undefined;
    if (!(error instanceof InputError) || !mayGoWithout) throw error;
    const dataset = await readForModel(model, source, choice);
    if (model.needsLabels) {
      throw new InputError(
        `${error.message}; ${model.title} needs it to encode, expected --condition or --labels to say where it is`,
      );
    }
    return { dataset, ...unknown, note: `the data are used without labels: ${error.message}` };
  }
}

const unknown = { labels: undefined, conditions: undefined } as const;

/** What was said; what was not may come from elsewhere. */
function given(choice: ModelDataChoice): ModelDataChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}

/** How the condition of a model is read, where nothing else is said. */
function kindsOfModel(
  { facts: { condition } }: Model,
  isNamed: boolean,
): Pick<ModelDataChoice, "conditionKind" | "semiSupervised"> {
  if (condition.values) return { conditionKind: condition.values.columns.map(({ kind }) => kind) };
  if (condition.soft && !isNamed) return { conditionKind: ["soft"] };
  return condition.unlabelled === undefined ? {} : { semiSupervised: true };
}

/** Conditions as a model takes them. Throws InputError for those that it does not know. */
export function conditionsFor(
  model: Model,
  { name: source, features }: Dataset,
  condition: Condition,
): { readonly labels: Int32Array; readonly conditions: SampleConditions } {
  const { values } = model.facts.condition;
  if (!values) {
    const labels = labelsOf(model, source, partsOfLabels(model, features, condition) ?? condition);
    return { labels, conditions: inOrderOf(model, condition) ?? labels };
  }
  const { columns } = values;
  if (condition.values?.columns.length !== columns.length) {
    throw new InputError(
      `${source}: found the condition ${JSON.stringify(condition.name)}, expected values of ${columns.map(({ name }) => name).join(", ")} as the model was fitted to`,
    );
  }
  const rows = condition.values.rows.slice();
  condition.values.columns.forEach((column, c) => {
    const indices = indicesIn(columns[c], column, source);
    if (indices) for (let k = c; k < rows.length; k += columns.length) rows[k] = indices[rows[k]];
  });
  return { labels: nearestCells(values, rows), conditions: rows };
}

/** For each class of a column its index in the model's; undefined for a column of numbers. */
function indicesIn(expected: ConditionColumn, found: ConditionColumn, source: string): number[] | undefined {
  if (expected.kind !== found.kind) {
    throw new InputError(
      `${source}: column "${found.name}" of the condition holds ${found.kind} values, expected ${expected.kind} ones`,
    );
  }
  if (expected.kind === "continuous" || found.kind === "continuous") return undefined;
  return found.classes.map((name) => {
    const index = expected.classes.indexOf(name);
    if (index >= 0) return index;
    throw new InputError(
      `${source}: class "${name}" of "${found.name}" is not one of the model's (${expected.classes.slice(0, 12).join(", ")})`,
    );
  });
}

/** Probabilities of the classes in the order of the model's; undefined where labels are certain. */
function inOrderOf(model: Model, { probabilities, classes }: Condition): Float64Array | undefined {
  if (!probabilities) return undefined;
  const known = model.facts.condition.classes;
  const places = classes.map((name) => known.indexOf(name));
  const ordered = new Float64Array((probabilities.length / classes.length) * known.length);
  probabilities.forEach((value, k) => {
    ordered[Math.floor(k / classes.length) * known.length + places[k % classes.length]] = value;
  });
  return ordered;
}

/** The samples whose class is known. */
export function labelledOnly(data: LabelledData): LabelledData {
  const { dataset, labels } = data;
  if (!labels?.includes(-1)) return data;
  const rows = labelledRows(labels);
  const chosen = { dataset: selectSamples(dataset, rows), labels: rows.map((row) => labels[row]) };
  return { ...chosen, conditions: chosen.labels };
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
  return labels.map((label) => indices[label] ?? -1);
}

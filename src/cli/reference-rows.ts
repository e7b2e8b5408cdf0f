import { dirname, join } from "node:path";
import { z } from "zod";
import { type ConditionedDataset, conditionedOrWhole } from "../data/check.js";
import { CONDITION_KINDS } from "../data/condition-reading.js";
import type { Dataset, SampleConditions } from "../data/dataset.js";
import { fingerprint } from "../data/fingerprint.js";
import { readDataset } from "../data/read.js";
import { labelledRows, type Split, selectSamples } from "../data/split.js";
import { count } from "../data/wording.js";
import { InputError } from "../errors.js";
import { heldOutSplit } from "../models/held-out.js";
import type { Model } from "../models/model.js";
import { evenlySpread } from "../report/rows.js";
import { conditionsFor, labelledOnly, readLabelledForModel } from "./model-data.js";
import { file } from "./options.js";
import { RunFolder } from "./run-folder.js";
import type { RunRecord } from "./run-record.js";

export const referenceOptions = {
  reference: file(
    "labelled data that the model was not trained on, to rank latents and to set thresholds by (default: the rows that the fit held out)",
  ),
  referenceLabels: file("file with one label a sample of --reference, for npy, npz and IDX data"),
} as const;

export interface ReferenceChoice {
  readonly reference?: string | undefined;
  readonly referenceLabels?: string | undefined;
  readonly header?: boolean | undefined;
  readonly transposed?: boolean | undefined;
}

/** Labelled rows to measure latents on. */
export interface ReferenceRows {
  /** What they are, such as "the 6,000 rows that the fit held out". */
  readonly name: string;
  readonly dataset: Dataset;
  /** As indices of the model's classes. */
  readonly labels: Int32Array;
  /** As the model takes them. */
  readonly conditions: SampleConditions;
}

/**
 * The rows to measure on: those that were named, else those that the fit of the run held out, which are read again as
 * the fit read them (all of its rows where it held none out). Throws InputError where they cannot be had.
 */
export async function referenceRows(
  path: string,
  model: Model,
  choice: ReferenceChoice,
): Promise<ReferenceRows> {
  const { reference, referenceLabels, header, transposed } = choice;
  if (reference === undefined) return rowsOfTheFit(path, model);
  const reading = { header, transposed, labels: referenceLabels };
  const { dataset, labels, conditions, note } = labelledOnly(
    await readLabelledForModel(model, reference, reading),
  );
  if (!labels || !conditions) {
    throw new InputError(
      note ?? `${reference}: has no labels, expected --reference-labels with one label a sample`,
    );
  }
  return { name: `the ${count(dataset.samples, "row")} of ${reference}`, dataset, labels, conditions };
}

const readingSchema = z.object({
  data: z.string(),
  condition: z.string().optional(),
  conditionKind: z.array(z.enum(CONDITION_KINDS)).optional(),
  semiSupervised: z.boolean().optional(),
  features: z.array(z.string()).optional(),
  labels: z.string().optional(),
  only: z.array(z.string()).optional(),
  header: z.boolean().optional(),
  transposed: z.boolean().optional(),
});

async function rowsOfTheFit(path: string, model: Model): Promise<ReferenceRows> {
  const record = await recordOf(path, model);
  return heldOutRows(model, conditionedOrWhole(await dataOfRun(path, record)), record?.data.streamed);
}

/** The data that a run was fitted to, read again. Throws InputError where they are not to be had or have changed. */
export async function dataOfRun(path: string, record: RunRecord | undefined): Promise<Dataset> {
  const reading = readingSchema.safeParse(record?.options);
  if (!record || !reading.success) {
    throw new InputError(`${path}: does not say what it was fitted to; give labelled data with --reference`);
  }
  const { data, ...options } = reading.data;
  const dataset = await readDataset(data, options).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `${path}: the data of the fit cannot be read again (${error.message}); give --reference`,
    );
  });
  if (fingerprint(dataset) !== record.data.fingerprint) {
    throw new InputError(`${data}: no longer the data that ${path} was fitted to; give --reference`);
  }
  return dataset;
}

/** Where some rows have no label, so many labelled ones a class must be held out to be measured on. */
const LABELLED = 10;

/** The rows of a fit whose class is known, of those held out where there are enough, and what they are in words. */
function measurable(
  { condition: { labels, classes } }: ConditionedDataset,
  { training, heldOut }: Split,
): { rows: Int32Array; kind: string; which: string } {
  const known = (rows: Int32Array) => rows.filter((row) => labels[row] >= 0);
  const kind = labels.includes(-1) ? "labelled row" : "row";
  if (heldOut.length === 0) return { rows: known(training), kind, which: "of the fit, which held none out" };
  const rows = known(heldOut);
  if (rows.length === heldOut.length || rows.length >= LABELLED * classes.length) {
    return { rows, kind, which: "that the fit held out" };
  }
  return { rows: labelledRows(labels), kind, which: "of the fit, which held too few out" };
}

/**
 * The rows of its own data that a model's fit held out and whose class is known, at most `most`, evenly spread; all that
 * it was trained on where it held none out. A fit that read its data from disk held rows out of those that it had drawn.
 */
export function heldOutRows(
  model: Model,
  dataset: ConditionedDataset,
  { drawn, most = Number.POSITIVE_INFINITY }: { readonly drawn?: number; readonly most?: number } = {},
): ReferenceRows {
  const { configuration } = model.facts;
  const { heldOut } = z.object({ heldOut: z.number() }).catch({ heldOut: 0 }).parse(configuration);
  const split = heldOutSplit(dataset, { heldOut, seed: configuration.seed, drawn });
  const { rows: all, kind, which } = measurable(dataset, split);
  const chosen = evenlySpread(all.length, most).map((position) => all[position]);
  const rows = selectSamples(dataset, chosen);
  const some = chosen.length < all.length ? `${chosen.length.toLocaleString("en-US")} of ` : "";
  return {
    name: `${some}the ${count(all.length, kind)} ${which}`,
    dataset: rows,
    ...conditionsFor(model, rows, rows.condition ?? dataset.condition),
  };
}

/**
 * The rows of labelled data that the fit did not see: of its own data those that it held out, of any other all. With
 * `all` those it was trained on, too.
 *
 * @param labels as indices of the model's classes.
 */
export async function unseenRows(
  path: string,
  model: Model,
  dataset: Dataset,
  labels: Int32Array,
  conditions: SampleConditions,
  { all = false }: { readonly all?: boolean | undefined } = {},
): Promise<ReferenceRows> {
  const record = await recordOf(path, model);
  const isItsOwn = record !== undefined && record.data.fingerprint === fingerprint(dataset);
  if (isItsOwn && !all) return heldOutRows(model, conditionedOrWhole(dataset), record.data.streamed);
  const note = isItsOwn ? ", with those that the fit was trained on" : "";
  return {
    name: `all ${count(dataset.samples, "row")} of ${dataset.name}${note}`,
    dataset,
    labels,
    conditions,
  };
}

/** The record of the run that made a model: of its folder, or that of a model file in it or among its stages. */
async function recordOf(path: string, model: Model): Promise<RunRecord | undefined> {
  const { data, configuration } = model.facts;
  for (const folder of [path, dirname(path), join(dirname(path), "..")]) {
    const record = await new RunFolder(folder).record();
    const isItsOwn =
      record &&
      record.seed === configuration.seed &&
      record.data.name === data.name &&
      record.data.samples === data.samples;
    if (isItsOwn) return record;
  }
  return undefined;
}

import type { ConditionValues } from "./condition-values.js";
import { type Condition, type Dataset, sampleCount } from "./dataset.js";
import { countClasses } from "./labels.js";
import { count, quote, refuse } from "./wording.js";

/** What a fit should know before it starts. */
export interface FitCheck {
  /** The batch size to use: the one asked for, or the number of samples if there are fewer. */
  readonly batch: number;
  /** Sentences to show, such as that the batch was made smaller. */
  readonly notes: readonly string[];
}

/** The conditions that a method takes: a class for each sample, points as well, or uncertain classes, too. */
export type TakenConditions = "classes" | "points" | "all";

/** A data set that has a condition. */
export type ConditionedDataset = Dataset & { readonly condition: Condition };

/**
 * Checks that latents can be learnt from a data set: a condition with at least two classes, two samples in
 * each class, and two features; or a point that varies. Throws InputError, naming the class that falls short.
 */
export function checkForFit(
  dataset: Dataset,
  { batch }: { readonly batch: number },
  taken: TakenConditions = "classes",
): FitCheck {
  const { name, condition } = dataset;
  const samples = sampleCount(dataset);
  if (!Number.isInteger(batch) || batch < 1) refuse(`batch: found ${batch}, expected a whole number from 1`);
  if (condition === undefined) {
    return refuse(`${name}: has no condition, expected a class for each sample; name it with --condition`);
  }
  checkTable(dataset);
  expectConditions(dataset, taken);
  if (condition.values) checkPoints(name, condition);
  else if (!condition.probabilities) checkClasses({ ...dataset, condition });
  if (samples >= batch) return { batch, notes: [] };
  const note = `${name} has ${count(samples, "row")}, fewer than the batch of ${batch.toLocaleString("en-US")}`;
  return { batch: samples, notes: [`${note}: the batch is ${samples.toLocaleString("en-US")}`] };
}

/**
 * Checks a data set for a method that does without classes: two samples, all of them in memory, two features, and two
 * samples in each class that there is. Throws InputError.
 */
export function checkSamples(dataset: ConditionedDataset): void {
  const { name, samples } = dataset;
  if (sampleCount(dataset) > samples) {
    refuse(
      `${name}: found ${count(samples, "sample")} of ${sampleCount(dataset)} in memory, expected all of them`,
    );
  }
  checkTable(dataset);
  expectConditions(dataset, "classes");
  checkLonely(dataset);
}

function checkTable(dataset: Dataset): void {
  const { name, samples, width } = dataset;
  if (samples < 2) refuse(`${name}: found ${count(samples, "row")}, expected at least 2`);
  if (width < 2) {
    refuse(`${name}: found ${count(width, "feature column")}, expected at least 2 to unmix`);
  }
  checkFinite(dataset);
}

/** What a condition is in words, with the options that make it so; undefined of a class for each sample. */
export function unusualCondition(condition: Condition | undefined): string | undefined {
  if (condition?.values) return "a condition that is a point (--condition-kind, or several columns)";
  if (condition?.probabilities) return "soft labels (--condition-kind soft)";
  return condition?.labels.includes(-1) ? "samples without a label (--semi-supervised)" : undefined;
}

/** Whether a condition is one that a method takes. */
export const isTaken = (condition: Condition | undefined, taken: TakenConditions): boolean =>
  taken === "all" ||
  (taken === "points" && condition?.values !== undefined) ||
  unusualCondition(condition) === undefined;

/** Throws InputError for a condition that a method does not take. */
function expectConditions({ name, condition }: Dataset, taken: TakenConditions): void {
  if (isTaken(condition, taken)) return;
  refuse(
    `${name}: found ${unusualCondition(condition)}, expected a class for each sample, which is what this method takes`,
  );
}

/** Narrows a data set to one with a condition. Throws InputError if it has none. */
export function withCondition(dataset: Dataset): ConditionedDataset {
  const { condition } = dataset;
  if (condition === undefined) {
    return refuse(
      `${dataset.name}: has no condition, expected a class for each sample; name it with --condition`,
    );
  }
  return { ...dataset, condition };
}

/** The name of the condition that data have which came without one. */
export const NO_CONDITION = "no condition";

/** Whether data, or those of a model's facts, have the one class of those that came without a condition. */
export const hasNoCondition = ({ condition }: { readonly condition: Pick<Condition, "name"> }): boolean =>
  condition.name === NO_CONDITION;

/** The data set with its condition, or where it has none with all samples as one class, "all". */
export function conditionedOrWhole(dataset: Dataset): ConditionedDataset {
  const whole = { name: NO_CONDITION, classes: ["all"], labels: new Int32Array(dataset.samples) };
  return { ...dataset, condition: dataset.condition ?? whole };
}

function checkFinite({ name, features, width, featureNames }: Dataset): void {
  const place = features.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  const column = quote(featureNames[place % width] ?? String(place % width));
  const row = Math.floor(place / width) + 1;
  refuse(`${name}, row ${row}, column ${column}: found ${features[place]}, expected a finite number`);
}

function checkPoints(name: string, { name: called, values }: Condition): void {
  const { columns, rows } = values as ConditionValues;
  const varies = rows.some((value, at) => value !== rows[at % columns.length]);
  if (varies) return;
  refuse(
    `${name}: condition ${quote(called)} has the same value in all rows, expected one that varies: ` +
      "a condition that never changes cannot identify latents",
  );
}

function checkClasses(dataset: ConditionedDataset): void {
  const { name, condition } = dataset;
  const present = countClasses(dataset).filter((size) => size > 0).length;
  if (present < 2) {
    const only = quote(condition.classes[condition.labels.find((label) => label >= 0) ?? 0] ?? "no class");
    refuse(
      `${name}: ${columnOf(condition)} has one class only (${only}), expected at least 2: ` +
        "a condition that never changes cannot identify latents",
    );
  }
  checkLonely(dataset);
}

function checkLonely(dataset: ConditionedDataset): void {
  const { name, condition } = dataset;
  const counts = countClasses(dataset);
  const lonely = counts.indexOf(1);
  if (lonely < 0) return;
  checkRepeating(dataset);
  const which = quote(condition.classes[lonely]);
  refuse(`${name}: class ${which} of ${columnOf(condition)} has one sample, expected at least 2`);
}

/** Throws InputError for classes that are hardly more than numbers of the rows. */
export function checkRepeating(dataset: ConditionedDataset): void {
  const { name, condition } = dataset;
  const samples = sampleCount(dataset);
  const present = countClasses(dataset).filter((size) => size > 0).length;
  if (present <= samples / 2) return;
  refuse(
    `${name}: ${columnOf(condition)} has ${count(present, "class", "classes")} in ${count(samples, "row")}, ` +
      "expected classes that repeat; a number, such as a time, is --condition-kind continuous",
  );
}

const columnOf = (condition: Condition): string => `condition ${quote(condition.name)}`;

import { type LatentScores, type SampleMatrix, scoreLatents } from "../../analysis/index.js";
import { conditionedOrWhole } from "../../data/check.js";
import type { Condition, Dataset } from "../../data/dataset.js";
import { readDataset } from "../../data/read.js";
import { selectSamples } from "../../data/split.js";
import { InputError } from "../../errors.js";
import { heldOutSplit } from "../../models/held-out.js";
import type { Model } from "../../models/model.js";
import { evenlySpread } from "../../report/rows.js";
import type { Inputs, NamedData, Stage, TrainedRun } from "../inputs.js";

/** Images of a test set that a model knows the class of, and those of classes that it has never seen. */
export interface TestImages {
  readonly name: string;
  readonly known: Dataset;
  /** As indices of the model's classes. Shape [known.samples]. */
  readonly labels: Int32Array;
  readonly unknown: Dataset | undefined;
}

/** The name under which `Inputs` hold a test set of the user's. */
export const TEST = "test";

/** What to test on: the user's test set, else the test digits of MNIST. */
const testData = ({ data }: Inputs): Pick<NamedData, "name" | "read"> =>
  data.find(({ name }) => name === TEST) ?? {
    name: "the test digits of MNIST",
    read: () => readDataset("mnist:test"),
  };

/** Reads the test images for a model; at most `most`, evenly spread. Throws InputError where they have no labels. */
export async function testImages(model: Model, inputs: Inputs, most: number): Promise<TestImages> {
  const { name, read } = testData(inputs);
  const all = await read();
  const dataset = selectSamples(all, evenlySpread(all.samples, most));
  if (dataset.condition === undefined) {
    throw new InputError(`${all.name}: has no labels, expected the class of each test image`);
  }
  expectWidth(model, dataset);
  const labels = labelsFor(model, dataset.condition);
  const rows = (isKnown: boolean) =>
    Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0 === isKnown);
  const [known, unknown] = [rows(true), rows(false)];
  return {
    name,
    known: selectSamples(dataset, known),
    labels: Int32Array.from(known, (row) => labels[row]),
    unknown: unknown.length > 0 ? selectSamples(dataset, unknown) : undefined,
  };
}

/** The classes of samples as indices of a model's, -1 where it does not know the class. */
function labelsFor(model: Model, { classes, labels }: Condition): Int32Array {
  const known = classes.map((name) => model.facts.condition.classes.indexOf(name));
  return labels.map((label) => known[label]);
}

/** Latents of a data set. Throws InputError where its width is not the model's. */
export function encoded(model: Model, dataset: Dataset): SampleMatrix {
  expectWidth(model, dataset);
  return { values: model.encode(dataset.features), samples: dataset.samples, width: model.latents };
}

function expectWidth(model: Model, { name, width }: Dataset): void {
  if (width === model.dataWidth) return;
  throw new InputError(
    `${name}: found ${width} values an image, expected ${model.dataWidth} as the model has`,
  );
}

/** Latents and classes of the images that a fit held out, at most `most`; of training images where it held none out. */
export interface HeldOutLatents {
  readonly latents: SampleMatrix;
  /** As indices of the model's classes. Shape [latents.samples]. */
  readonly labels: Int32Array;
  readonly scores: LatentScores;
}

/** What latents of a model are ranked on, and their scores. */
export async function heldOutLatents(model: Model, run: TrainedRun, most: number): Promise<HeldOutLatents> {
  const { heldOut = 0 } = model.facts.configuration as { heldOut?: number };
  const dataset = conditionedOrWhole(await run.data());
  const split = heldOutSplit(dataset, { heldOut, seed: model.facts.configuration.seed, drawn: run.drawn });
  const rows = split.heldOut.length > 0 ? split.heldOut : split.training;
  const chosen = selectSamples(
    dataset,
    evenlySpread(rows.length, most).map((position) => rows[position]),
  );
  const labels = labelsFor(model, chosen.condition ?? dataset.condition);
  const latents = encoded(model, chosen);
  return { latents, labels, scores: scoreLatents(latents, labels, model.facts.condition.classes.length) };
}

/** The run that an experiment was given. Throws InputError where it was not. */
export function runOf({ run }: Inputs): TrainedRun {
  if (run) return run;
  throw new InputError("option --run: missing, expected the folder of a fit");
}

/** The stage of a run with this digest. */
export function stageOf(inputs: Inputs, digest: string): Stage {
  const stage = runOf(inputs).stages.find((candidate) => candidate.digest === digest);
  if (stage) return stage;
  throw new InputError(`option --run: holds no model ${digest}`);
}

/** What tells the data of inputs from others, for the settings of a trial. */
export const digestOf = ({ data }: Inputs): string =>
  data.map(({ name, digest }) => `${name}-${digest}`).join(" ") || "none";

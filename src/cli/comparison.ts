import {
  type Evaluation,
  type MeanCorrelation,
  meanCorrelationCoefficient,
  type SampleMatrix,
} from "../analysis/index.js";
import type { ConditionedDataset } from "../data/check.js";
import { conditionsOf, type Dataset, sampleCount } from "../data/dataset.js";
import { InputError } from "../errors.js";
import type { Method } from "../models/method.js";
import type { Model } from "../models/model.js";
import { valuesOnSupport } from "../models/support.js";
import { modelSpectrum, type Truth } from "../report/describe-fit.js";
import { file, toggle } from "./options.js";

/** Options of verbs that compare with the truth; `use` ends the first one's description. */
export const truthOptions = (use: string) =>
  ({
    truth: file(`true components, one row for each sample of the data${use}: .npy, .csv or .parquet`),
    truthMagnitude: toggle(
      "compare with the magnitudes of the true components, their absolute values: what TCL finds of sources of mean 0",
    ),
  }) as const;

/** What is to be said where a method's latents are compared with components of which they are functions; undefined else. */
export function truthNote(
  { title, identifiedBy }: Pick<Method, "title" | "identifiedBy">,
  truth: Truth | undefined,
): string | undefined {
  if (!truth || truth.magnitude || identifiedBy !== "contrast") return undefined;
  return `note: the latents of ${title} are functions of one source each, such as its magnitude; --truth-magnitude compares with magnitudes`;
}

/** How a model's latents match the true components. */
export interface Comparison {
  /** Where it is not with the components, but with their absolute values. */
  readonly magnitude?: true;
  /** Mean correlation coefficient with Pearson's correlation. */
  readonly mcc: number;
  readonly mccSpearman: number;
  /** For each true component the index of its latent. */
  readonly assignment: readonly number[];
  /** |Pearson correlation| of each true component with its latent. */
  readonly correlations: readonly number[];
  /** Whether the matched latents are the first of the model's spectrum. */
  readonly leadingLatentsMatch: boolean;
}

/** Compares the latents of data with the truth, row by row. Throws InputError where the rows do not fit. */
export function compareWithTruth(
  model: Model,
  { features, condition }: ConditionedDataset,
  truth: Truth,
): Comparison {
  const latents = valuesOnSupport(model, model.encode(features, conditionsOf(condition)));
  const estimate = { values: latents, samples: latents.length / model.latents, width: model.latents };
  const found = describe(model, {
    pearson: meanCorrelationCoefficient(truth, estimate),
    spearman: meanCorrelationCoefficient(truth, estimate, { kind: "spearman" }),
  });
  return truth.magnitude ? { magnitude: true, ...found } : found;
}

/** The same from an evaluation, of all samples. */
export function comparisonOf(model: Model, { mcc }: Evaluation): Comparison {
  const { pearson, spearman } = mcc;
  return describe(model, {
    pearson: { ...pearson.inSample, mcc: pearson.inSample.value },
    spearman: { mcc: spearman.inSample.value },
  });
}

function describe(
  model: Model,
  found: {
    readonly pearson: Pick<MeanCorrelation, "mcc" | "assignment" | "correlations">;
    readonly spearman: Pick<MeanCorrelation, "mcc">;
  },
): Comparison {
  const { mcc, assignment, correlations } = found.pearson;
  const leading = modelSpectrum(model).slice(0, assignment.length);
  return {
    mcc,
    mccSpearman: found.spearman.mcc,
    assignment,
    correlations,
    leadingLatentsMatch: leading.every(({ latent }) => assignment.includes(latent)),
  };
}

/**
 * The truth that options name, in magnitudes where these are asked for; undefined where none is named. Throws InputError
 * as `readTruth` does, and for magnitudes of nothing.
 */
export async function readTruthAsked(
  {
    truth: path,
    truthMagnitude,
  }: { readonly truth?: string | undefined; readonly truthMagnitude?: boolean | undefined },
  data: Dataset,
): Promise<Truth | undefined> {
  if (path === undefined) {
    if (truthMagnitude)
      throw new InputError("option --truth-magnitude: found without --truth, expected both");
    return undefined;
  }
  const truth = await readTruth(path, data);
  return truthMagnitude ? { ...truth, values: truth.values.map(Math.abs), magnitude: true } : truth;
}

/**
 * Reads the true components for the rows of data that are in memory. Throws InputError unless the file has a row for
 * each of the data's samples.
 */
async function readTruth(path: string, data: Dataset): Promise<SampleMatrix> {
  const { readDataset, streamDataset } = await import("../data/read.js");
  if (data.stored) {
    const { pickSamples } = await import("../data/sample-stream.js");
    const stream = await streamDataset(path);
    const { features, samples } = await pickSamples(stream, data.stored.positions);
    expectRows(path, samples, data);
    return { values: features, samples: data.samples, width: stream.width };
  }
  const { features, samples, width } = await readDataset(path);
  expectRows(path, samples, data);
  return { values: features, samples, width };
}

function expectRows(path: string, found: number, data: Dataset): void {
  const expected = sampleCount(data);
  if (found === expected) return;
  const count = (value: number) => value.toLocaleString("en-US");
  throw new InputError(
    `${path}: found ${count(found)} rows, expected ${count(expected)}, one for each sample of ${data.name}`,
  );
}

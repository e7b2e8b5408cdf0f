import { meanCorrelationCoefficient, type SampleMatrix } from "../analysis/index.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";
import { modelSpectrum } from "../report/describe-fit.js";

/** How a model's latents match the true components. */
export interface Comparison {
  /** Mean correlation coefficient with Pearson's correlation. */
  readonly mcc: number;
  readonly mccSpearman: number;
  /** For each true component the index of its latent. */
  readonly assignment: readonly number[];
  /** |Pearson correlation| of each true component with its latent. */
  readonly correlations: readonly number[];
  /** Whether the matched latents are the ones with the largest sigmas. */
  readonly leadingLatentsMatch: boolean;
}

/** Compares the latents of data with the truth, row by row. Throws InputError where the rows do not fit. */
export function compareWithTruth(model: Model, features: Float32Array, truth: SampleMatrix): Comparison {
  const latents = model.encode(features);
  const estimate = { values: latents, samples: latents.length / model.latents, width: model.latents };
  const { mcc, assignment, correlations } = meanCorrelationCoefficient(truth, estimate);
  const leading = modelSpectrum(model).slice(0, truth.width);
  return {
    mcc,
    mccSpearman: meanCorrelationCoefficient(truth, estimate, { kind: "spearman" }).mcc,
    assignment,
    correlations,
    leadingLatentsMatch: leading.every(({ latent }) => assignment.includes(latent)),
  };
}

/** Reads the true components for `samples` rows of data. Throws InputError for another number of rows. */
export async function readTruth(
  path: string,
  data: { name: string; samples: number },
): Promise<SampleMatrix> {
  const { readDataset } = await import("../data/read.js");
  const { features, samples, width } = await readDataset(path);
  if (samples !== data.samples) {
    const count = (value: number) => value.toLocaleString("en-US");
    throw new InputError(
      `${path}: found ${count(samples)} rows, expected ${count(data.samples)}, one for each sample of ${data.name}`,
    );
  }
  return { values: features, samples, width };
}

import { z } from "zod";
import { type ConditionedDataset, conditionedOrWhole } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import type { TensorFile } from "../../data/safetensors.js";
import { linearFactsSchema } from "../linear/facts.js";
import { type LinearMethod, planLinear } from "../linear/fit.js";
import { LinearModel } from "../linear/model.js";
import { type LinearFitOptions, resolveLinear } from "../linear/options.js";
import type { FitHooks, PlannedFit } from "../method.js";
import type { Model } from "../model.js";
import { modelHeader, readHeader } from "../model-file.js";

/** Options of a PCA; the seed chooses the samples that are held out. */
export type PcaOptions = LinearFitOptions;

/** Latents are the principal components themselves: the rotation is the identity. */
const principalComponentAnalysis = (seed: number): LinearMethod => ({
  method: "pca",
  title: "PCA",
  describe: ({ std, variances, configuration }) =>
    `${std.length} of ${variances.length} principal components${configuration.whiten ? ", whitened" : ""}`,
  async rotate(_data, _principal, latents) {
    const rotation = new Float64Array(latents * latents);
    for (let i = 0; i < latents; i++) rotation[i * latents + i] = 1;
    return { rotation, course: "in closed form", restarts: [], seed };
  },
});

const headerSchema = z.object({ ...modelHeader, method: z.literal("pca"), facts: linearFactsSchema });

/**
 * Fits principal component analysis: latents are the coordinates along the eigenvectors of the covariance, largest
 * variance first. The condition, if there is one, is not used to find them; each class has statistics of its own.
 * Throws InputError for options or data that cannot be used.
 */
export async function fitPca(
  dataset: Dataset,
  options: PcaOptions = {},
  hooks: FitHooks = {},
): Promise<Model> {
  return (await planPca(conditionedOrWhole(dataset), options)).run(hooks);
}

export async function planPca(dataset: ConditionedDataset, options: PcaOptions): Promise<PlannedFit> {
  const configuration = resolveLinear(options);
  return planLinear(dataset, configuration, principalComponentAnalysis(configuration.seed));
}

/** Reads the file of a PCA. Throws InputError. */
export async function openPca({ tensors, metadata }: TensorFile, name: string): Promise<Model> {
  const { facts } = readHeader(metadata, headerSchema, name);
  return LinearModel.open(principalComponentAnalysis(facts.seed), facts, tensors, name);
}

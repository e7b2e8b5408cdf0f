import { z } from "zod";
import { type ConditionColumn, inputWidth } from "../../data/condition-values.js";
import type { TensorFile } from "../../data/safetensors.js";
import type { OpenOptions } from "../model.js";
import { modelHeader, readHeader } from "../model-file.js";
import { modelledWidth } from "../preprocessing.js";
import { KINDS } from "./configuration.js";
import { type IvaeFacts, ivaeFactsSchema } from "./facts.js";
import { Ivae } from "./ivae.js";
import { type IvaeDescription, IvaeNetwork } from "./network.js";
import { usualPosterior } from "./posterior.js";

const headerSchema = z.object({ ...modelHeader, method: z.enum(KINDS), facts: ivaeFactsSchema });

/** Opens what `save` wrote. Throws InputError when it is not such a file. */
export async function openIvae(
  { tensors, metadata }: TensorFile,
  name: string,
  { threads }: OpenOptions = {},
): Promise<Ivae> {
  const { facts } = readHeader(metadata, headerSchema, name);
  const network = await IvaeNetwork.create(describeNetwork(facts, facts.seed), { initialise: false });
  network.restore(tensors, name);
  return new Ivae(network, facts, threads);
}

/** The network of a model. */
export function describeNetwork(
  facts: Pick<IvaeFacts, "configuration" | "latents" | "preprocessing"> & {
    readonly condition: {
      readonly classes: readonly string[];
      readonly values?: { readonly columns: readonly ConditionColumn[] } | undefined;
    };
  },
  seed: number,
): IvaeDescription {
  const { width, depth, activation, skip, encoder, prior, family, decoder, decoderVariance } =
    facts.configuration;
  return {
    features: modelledWidth(facts.preprocessing),
    latents: facts.latents,
    classes: facts.condition.classes.length,
    inputs: facts.condition.values && inputWidth(facts.condition.values.columns),
    width,
    depth,
    activation,
    skip,
    posterior: facts.configuration.posterior ?? usualPosterior(facts.latents),
    encoder,
    prior,
    family,
    decoder,
    decoderVariance,
    seed,
  };
}

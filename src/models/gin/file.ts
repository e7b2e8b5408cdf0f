import { z } from "zod";
import { encodeSafetensors, type Tensor as FileTensor } from "../../data/safetensors.js";
import { NetworkGaussian } from "../../priors/network-gaussian.js";
import { parameterTensors, permutationTensors, restoreParameters } from "../flow/tensors.js";
import { floatTensor, modelHeader, modelMetadata } from "../model-file.js";
import { type GinFacts, ginFactsSchema } from "./facts.js";
import type { GinNetwork } from "./network.js";

/** What stands under the metadata key `unmix` of a GIN. */
export const ginHeaderSchema = z.object({ ...modelHeader, method: z.literal("gin"), facts: ginFactsSchema });

/**
 * A model as a safetensors file: weights under their names in PyTorch's layouts, `prior.mean` and
 * `prior.log_sigma` ([class][latent], in units of the standardised data) or the layers of `prior.network`, permutations
 * as int64, and everything else as JSON under the metadata key `unmix`.
 */
export function encodeModel(network: GinNetwork, facts: GinFacts): Uint8Array {
  return encodeSafetensors(networkTensors(network), modelMetadata("gin", facts));
}

/** All tensors of a network by name. */
export function networkTensors(network: GinNetwork): Record<string, FileTensor> {
  return { ...parameterTensors(network), ...tablesOf(network), ...permutationTensors(network) };
}

/** The tables of a prior that has such; those that are learned are among the parameters as well. */
function tablesOf({ prior, context }: GinNetwork): Record<string, FileTensor> {
  if (prior instanceof NetworkGaussian) return {};
  const { mean, logSigma } = prior.tables(context);
  const shape = [prior.classes, prior.features];
  return { "prior.mean": { shape, data: mean }, "prior.log_sigma": { shape, data: logSigma } };
}

/** Puts a file's weights and tables into a network. Throws InputError when a tensor is missing or of another shape. */
export function restoreTensors(
  network: GinNetwork,
  tensors: Readonly<Record<string, FileTensor>>,
  name: string,
): void {
  const { prior } = network;
  restoreParameters(network, tensors, name);
  if (prior instanceof NetworkGaussian) return;
  const table = [prior.classes, prior.features];
  const find = (tensor: string) => floatTensor(tensors, tensor, table, name);
  prior.setTables(network.context, find("prior.mean"), find("prior.log_sigma"));
}

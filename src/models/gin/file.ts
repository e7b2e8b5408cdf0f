import { z } from "zod";
import { encodeSafetensors, type Tensor as FileTensor } from "../../data/safetensors.js";
import { parameterTensors, permutationTensors, restoreParameters } from "../flow/tensors.js";
import { floatTensor, modelHeader, modelMetadata } from "../model-file.js";
import { type GinFacts, ginFactsSchema } from "./facts.js";
import type { GinNetwork } from "./network.js";

/** What stands under the metadata key `unmix` of a GIN. */
export const ginHeaderSchema = z.object({ ...modelHeader, method: z.literal("gin"), facts: ginFactsSchema });

/**
 * A model as a safetensors file: weights under their names in PyTorch's layouts, `prior.mean` and
 * `prior.log_sigma` ([class][latent], in units of the standardised data), permutations as int64, and everything
 * else as JSON under the metadata key `unmix`.
 */
export function encodeModel(network: GinNetwork, facts: GinFacts): Uint8Array {
  return encodeSafetensors(networkTensors(network), modelMetadata("gin", facts));
}

/** All tensors of a network by name. */
export function networkTensors(network: GinNetwork): Record<string, FileTensor> {
  const { prior } = network;
  const { mean, logSigma } = prior.tables(network.context);
  const table = [prior.classes, prior.features];
  return {
    ...parameterTensors(network),
    "prior.mean": { shape: table, data: mean },
    "prior.log_sigma": { shape: table, data: logSigma },
    ...permutationTensors(network),
  };
}

/** Puts a file's weights and tables into a network. Throws InputError when a tensor is missing or of another shape. */
export function restoreTensors(
  network: GinNetwork,
  tensors: Readonly<Record<string, FileTensor>>,
  name: string,
): void {
  const { prior } = network;
  restoreParameters(network, tensors, name);
  const table = [prior.classes, prior.features];
  const find = (tensor: string) => floatTensor(tensors, tensor, table, name);
  prior.setTables(network.context, find("prior.mean"), find("prior.log_sigma"));
}

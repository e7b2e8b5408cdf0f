import { z } from "zod";
import { encodeSafetensors } from "../../data/safetensors.js";
import { modelHeader, modelMetadata } from "../model-file.js";
import { type GinFacts, ginFactsSchema } from "./facts.js";
import type { GinNetwork } from "./network.js";
import { networkTensors } from "./tensors.js";

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

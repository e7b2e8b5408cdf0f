import { decodeSafetensors } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import type { GinFacts } from "./facts.js";
import { modelHeaderSchema, permutationsOf, readHeader, restoreTensors } from "./file.js";
import { Gin } from "./gin.js";
import { GinNetwork } from "./network.js";

/** Reads what `save` wrote. `name` is what messages call the file. Throws InputError when it is not such a file. */
export async function loadGin(bytes: Uint8Array, name: string): Promise<Gin> {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const { facts } = readHeader(metadata, modelHeaderSchema, name);
  const network = await rebuild(facts, permutationsOf(tensors), name);
  restoreTensors(network, tensors, name);
  return new Gin(network, facts);
}

async function rebuild(
  facts: GinFacts,
  permutations: Record<string, Int32Array>,
  name: string,
): Promise<GinNetwork> {
  const { architecture, configuration, condition, seed } = facts;
  const classes = condition.classes.length;
  try {
    return await GinNetwork.create({ architecture, prior: configuration.prior, classes, seed, permutations });
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${name}: not a model that can be built: ${error.message}`);
    throw error;
  }
}

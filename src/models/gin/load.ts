import { decodeSafetensors, type TensorFile } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import { readHeader } from "../model-file.js";
import type { GinFacts } from "./facts.js";
import { ginHeaderSchema, permutationsOf, restoreTensors } from "./file.js";
import { Gin } from "./gin.js";
import { GinNetwork } from "./network.js";

/** Reads what `save` wrote. `name` is what messages call the file. Throws InputError when it is not such a file. */
export async function loadGin(bytes: Uint8Array, name: string): Promise<Gin> {
  return openGin(decodeSafetensors(bytes, name), name);
}

/** The same from a file that has been taken apart. */
export async function openGin({ tensors, metadata }: TensorFile, name: string): Promise<Gin> {
  const { facts } = readHeader(metadata, ginHeaderSchema, name);
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

import { inputWidth } from "../../data/condition-values.js";
import { decodeSafetensors, type TensorFile } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import { permutationsOf } from "../flow/tensors.js";
import type { OpenOptions } from "../model.js";
import { readHeader } from "../model-file.js";
import type { GinFacts } from "./facts.js";
import { ginHeaderSchema } from "./file.js";
import { Gin } from "./gin.js";
import { GinNetwork } from "./network.js";
import { restoreTensors } from "./tensors.js";

/** Reads what `save` wrote. `name` is what messages call the file. Throws InputError when it is not such a file. */
export async function loadGin(bytes: Uint8Array, name: string, options: OpenOptions = {}): Promise<Gin> {
  return openGin(decodeSafetensors(bytes, name), name, options);
}

/** The same from a file that has been taken apart. */
export async function openGin(
  { tensors, metadata }: TensorFile,
  name: string,
  { threads }: OpenOptions = {},
): Promise<Gin> {
  if (threads !== undefined && !(Number.isInteger(threads) && threads > 0)) {
    throw new InputError(`option threads: found ${threads}, expected a whole number from 1`);
  }
  const { facts } = readHeader(metadata, ginHeaderSchema, name);
  const network = await rebuild(facts, permutationsOf(tensors), name);
  restoreTensors(network, tensors, name);
  return new Gin(network, facts, threads);
}

async function rebuild(
  facts: GinFacts,
  permutations: Record<string, Int32Array>,
  name: string,
): Promise<GinNetwork> {
  const { architecture, configuration, condition, seed } = facts;
  const classes = condition.classes.length;
  const inputs = condition.values && inputWidth(condition.values.columns);
  if ((configuration.prior === "network") !== (inputs !== undefined)) {
    throw new InputError(`${name}: a prior of kind ${configuration.prior} does not fit its condition`);
  }
  try {
    const { prior, latent } = configuration;
    const description = { architecture, prior, latent, classes, inputs, seed, permutations };
    return await GinNetwork.create(description, { initialise: false });
  } catch (error) {
    if (error instanceof RangeError)
      throw new InputError(`${name}: not a model that can be built: ${error.message}`);
    throw error;
  }
}

import { z } from "zod";
import { decodeSafetensors, type TensorFile } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import { floatTensor } from "../float-tensor.js";
import { permutationsOf } from "../flow/tensors.js";
import type { OpenOptions } from "../model.js";
import { modelHeader, readHeader } from "../model-file.js";
import { sslFactsSchema } from "./facts.js";
import { SslNetwork } from "./network.js";
import { Ssl } from "./ssl.js";

const headerSchema = z.object({ ...modelHeader, method: z.literal("ssl"), facts: sslFactsSchema });

/** Reads what `save` wrote. `name` is what messages call the file. Throws InputError when it is not such a file. */
export async function loadSsl(bytes: Uint8Array, name: string, options: OpenOptions = {}): Promise<Ssl> {
  return openSsl(decodeSafetensors(bytes, name), name, options);
}

/** The same from a file that has been taken apart. */
export async function openSsl(
  { tensors, metadata }: TensorFile,
  name: string,
  { threads }: OpenOptions = {},
): Promise<Ssl> {
  const { facts } = readHeader(metadata, headerSchema, name);
  const { architecture, seed, configuration, condition } = facts;
  const permutations = permutationsOf(tensors);
  const description = { architecture, seed, permutations, setStatistics: configuration.setStatistics };
  const network = await SslNetwork.create(description, { initialise: false }).catch((error: unknown) => {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`${name}: not a model that can be built: ${error.message}`);
  });
  network.restore(tensors, name);
  const shape = [condition.classes.length, network.features];
  const mean = floatTensor(tensors, "class.mean", shape, name);
  const logSigma = floatTensor(tensors, "class.log_sigma", shape, name);
  return new Ssl(network, facts, { mean, logSigma }, threads);
}

import { z } from "zod";
import { encodeSafetensors, type Tensor as FileTensor } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
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
  const { parameters, prior, flow } = network;
  const values = parameters.values();
  const weights = parameters.entries().map(({ name, shape, offset, length }) => {
    return [name, { shape, data: values.slice(offset, offset + length) }] as const;
  });
  const { mean, logSigma } = prior.tables(network.context);
  const table = [prior.classes, prior.features];
  const orders = Object.entries(flow.constants()).map(([name, order]) => {
    return [name, { shape: [order.length], data: BigInt64Array.from(order, BigInt) }] as const;
  });
  return Object.fromEntries<FileTensor>([
    ...weights,
    ["prior.mean", { shape: table, data: mean }],
    ["prior.log_sigma", { shape: table, data: logSigma }],
    ...orders,
  ]);
}

/** The permutations among a file's tensors. */
export function permutationsOf(tensors: Readonly<Record<string, FileTensor>>): Record<string, Int32Array> {
  const orders = Object.entries(tensors).filter(([name]) => name.endsWith(".order"));
  return Object.fromEntries(orders.map(([name, { data }]) => [name, Int32Array.from(data, Number)]));
}

/** Puts a file's weights and tables into a network. Throws InputError when a tensor is missing or of another shape. */
export function restoreTensors(
  network: GinNetwork,
  tensors: Readonly<Record<string, FileTensor>>,
  name: string,
): void {
  const find = (tensor: string, shape: readonly number[]) => floatTensor(tensors, tensor, shape, name);
  const { parameters, prior, flow } = network;
  for (const order of Object.keys(flow.constants())) {
    if (!tensors[order]) throw new InputError(`${name}: tensor ${order} is missing, expected a permutation`);
  }
  for (const { name: tensor, shape, offset } of parameters.entries()) {
    parameters.values().set(find(tensor, shape), offset);
  }
  const table = [prior.classes, prior.features];
  prior.setTables(network.context, find("prior.mean", table), find("prior.log_sigma", table));
}

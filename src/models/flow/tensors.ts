import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { InputError } from "../../errors.js";
import { floatTensor } from "../float-tensor.js";
import type { FlowNetwork } from "./network.js";

type Tensors = Readonly<Record<string, FileTensor>>;

/** The trainable tensors of a network by name, in PyTorch's layouts. */
export function parameterTensors({ parameters }: FlowNetwork): Record<string, FileTensor> {
  const values = parameters.values();
  const weights = parameters.entries().map(({ name, shape, offset, length }) => {
    return [name, { shape, data: values.slice(offset, offset + length) }] as const;
  });
  return Object.fromEntries(weights);
}

/** The permutations of a network's flow by name, as int64. */
export function permutationTensors({ flow }: FlowNetwork): Record<string, FileTensor> {
  const orders = Object.entries(flow.constants()).map(([name, order]) => {
    return [name, { shape: [order.length], data: BigInt64Array.from(order, BigInt) }] as const;
  });
  return Object.fromEntries<FileTensor>(orders);
}

/** The permutations among a file's tensors. */
export function permutationsOf(tensors: Tensors): Record<string, Int32Array> {
  const orders = Object.entries(tensors).filter(([name]) => name.endsWith(".order"));
  return Object.fromEntries(orders.map(([name, { data }]) => [name, Int32Array.from(data, Number)]));
}

/** Puts a file's trainable tensors into a network. Throws InputError when one is missing or of another shape. */
export function restoreParameters({ parameters, flow }: FlowNetwork, tensors: Tensors, name: string): void {
  for (const order of Object.keys(flow.constants())) {
    if (!tensors[order]) throw new InputError(`${name}: tensor ${order} is missing, expected a permutation`);
  }
  for (const { name: tensor, shape, offset } of parameters.entries()) {
    parameters.values().set(floatTensor(tensors, tensor, shape, name), offset);
  }
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { NetworkGaussian } from "../../priors/network-gaussian.js";
import { floatTensor } from "../float-tensor.js";
import { parameterTensors, permutationTensors, restoreParameters } from "../flow/tensors.js";
import type { GinNetwork } from "./network.js";

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

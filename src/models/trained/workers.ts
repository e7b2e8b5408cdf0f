import { sharedFloat32 } from "../../data/dataset.js";
import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { SharedModel } from "../../engine/engine.js";
import type { WorkerHandle } from "../../platform/platform.js";
import type { NetworkDescription, TrainedNetwork } from "./network.js";

/** What a worker needs to build a network: a copy of one, or one that shares its parameters. */
export interface NetworkToBuild<D extends NetworkDescription = NetworkDescription> {
  readonly description: D;
  /** Absent where the parameters are shared: nothing else is learned. */
  readonly tensors?: Readonly<Record<string, FileTensor>> | undefined;
}

/** Starts a worker for each job, with a copy of the network. */
export function startWorkers(
  network: TrainedNetwork,
  jobs: readonly { readonly kind: string }[],
): WorkerHandle[] {
  const tensors = Object.entries(network.tensors()).map(([name, tensor]) => [name, inSharedMemory(tensor)]);
  return start(network, { tensors: Object.fromEntries(tensors) }, jobs);
}

/** Starts a worker for each job, which works with the network's own parameters. */
export function startSharingWorkers(
  network: TrainedNetwork,
  jobs: readonly { readonly kind: string }[],
): WorkerHandle[] {
  const { engine, parameters } = network;
  const model = { memory: engine.memory.buffer, parameters: parameters.valuesPointer };
  return start(network, { model }, jobs);
}

function start(
  { engine, description, workerModule }: TrainedNetwork,
  { tensors, model }: { readonly tensors?: NetworkToBuild["tensors"]; readonly model?: SharedModel },
  jobs: readonly { readonly kind: string }[],
): WorkerHandle[] {
  // The same build of the kernels everywhere, and so the same bits.
  const copy: NetworkToBuild = { description: { ...description, build: engine.build, model }, tensors };
  return jobs.map((job) => engine.platform.startWorker(workerModule, { ...copy, ...job }));
}

/** Weights, of which there may be many, in memory that is not copied for each worker. */
function inSharedMemory(tensor: FileTensor): FileTensor {
  if (!(tensor.data instanceof Float32Array)) return tensor;
  const data = sharedFloat32(tensor.data.length);
  data.set(tensor.data);
  return { ...tensor, data };
}

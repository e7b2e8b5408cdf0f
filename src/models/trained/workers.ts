import { sharedFloat32 } from "../../data/dataset.js";
import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { WorkerHandle } from "../../platform/platform.js";
import type { NetworkDescription, TrainedNetwork } from "./network.js";

/** What a worker needs to build a copy of a network. */
export interface NetworkCopy<D extends NetworkDescription = NetworkDescription> {
  readonly description: D;
  readonly tensors: Readonly<Record<string, FileTensor>>;
}

/** Starts a worker with a copy of the network for each job. */
export function startWorkers(
  network: TrainedNetwork,
  jobs: readonly { readonly kind: string }[],
): WorkerHandle[] {
  const { engine, description, workerModule } = network;
  // The same build of the kernels everywhere, and so the same bits.
  const copy: NetworkCopy = {
    description: { ...description, build: engine.build },
    tensors: Object.fromEntries(
      Object.entries(network.tensors()).map(([name, tensor]) => [name, inSharedMemory(tensor)]),
    ),
  };
  return jobs.map((job) => engine.platform.startWorker(workerModule, { ...copy, ...job }));
}

/** Weights, of which there may be many, in memory that is not copied for each worker. */
function inSharedMemory(tensor: FileTensor): FileTensor {
  if (!(tensor.data instanceof Float32Array)) return tensor;
  const data = sharedFloat32(tensor.data.length);
  data.set(tensor.data);
  return { ...tensor, data };
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { WorkerHandle } from "../../platform/platform.js";
import { networkTensors } from "./file.js";
import type { GinNetwork, NetworkDescription } from "./network.js";

/** What a worker needs to build a copy of a network. */
export interface NetworkCopy {
  readonly description: NetworkDescription;
  readonly tensors: Readonly<Record<string, FileTensor>>;
}

/** Starts a worker with a copy of the network for each job. */
export function startWorkers(
  network: GinNetwork,
  jobs: readonly { readonly kind: string }[],
): WorkerHandle[] {
  const { engine, description } = network;
  const url = new URL("./worker.js", import.meta.url);
  // The same build of the kernels everywhere, and so the same bits.
  const copy: NetworkCopy = {
    description: { ...description, build: engine.build },
    tensors: networkTensors(network),
  };
  return jobs.map((job) => engine.platform.startWorker(url, { ...copy, ...job }));
}

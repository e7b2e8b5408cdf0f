import { sharedFloat32 } from "../../data/dataset.js";
import { ChunkQueue } from "../../engine/chunk-queue.js";
import { allocateResult, chunkCount, mapChunk, mapSamples } from "../../nn/batch.js";
import type { WorkerHandle } from "../../platform/platform.js";
import type { PassConditions, TrainedNetwork } from "./network.js";
import { startWorkers } from "./workers.js";

/** A pass that several threads share; what is long of it is shared memory. */
export interface SharedPass {
  /** Its name, as the network knows it. */
  readonly pass: string;
  readonly data: Float32Array;
  /** The condition of each sample, for a pass that needs it. */
  readonly conditions?: PassConditions | undefined;
  readonly result: Float32Array;
  /** Memory of a {@link ChunkQueue}. */
  readonly queue: Int32Array;
}

/** What a helper is started with. */
export interface HelperJob extends SharedPass {
  readonly kind: "helper";
}

/** Helpers are called when this thread alone would work for so much longer: starting them takes a part of it. */
const WORTHWHILE_MILLISECONDS = 250;

/**
 * Runs a pass over data, [sample][value], on at most `threads` threads: helpers are called where the work turns out
 * to be long. Every chunk comes out the same whoever computes it, so the result is the same bit for bit at any
 * number of threads, and a helper that fails costs time only.
 */
export function runPass(
  network: TrainedNetwork,
  pass: string,
  data: Float32Array,
  threads: number,
  conditions?: PassConditions,
): Float32Array {
  const map = network.pass(pass, conditions);
  const chunks = chunkCount(map, data);
  if (threads === 1 || chunks === 1 || typeof SharedArrayBuffer === "undefined") {
    return mapSamples(network.context, map, data);
  }
  const shared = sharePass(network, pass, data, conditions);
  const queue = new ChunkQueue(shared.queue);
  let helpers: WorkerHandle[] = [];
  let done = 0;
  const started = performance.now();
  const perChunk = () => (performance.now() - started) / done;
  const compute = (chunk: number) => {
    mapChunk(network.context, map, data, shared.result, chunk);
    queue.finish(chunk);
    done++;
  };
  try {
    for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
      compute(chunk);
      if (helpers.length === 0 && queue.left * perChunk() > WORTHWHILE_MILLISECONDS) {
        helpers = startHelpers(network, shared, Math.min(threads - 1, queue.left));
      }
    }
    for (let late = queue.overdue(perChunk()); late !== undefined; late = queue.overdue(perChunk())) {
      compute(late);
    }
    return shared.result;
  } finally {
    for (const helper of helpers) helper.terminate();
  }
}

/** Prepares a pass for several threads. */
export function sharePass(
  network: TrainedNetwork,
  pass: string,
  data: Float32Array,
  conditions?: PassConditions,
): SharedPass {
  const map = network.pass(pass, conditions);
  const result = allocateResult(map, data, true);
  return { pass, data, conditions, result, queue: ChunkQueue.memory(chunkCount(map, data)) };
}

/** Starts threads that work on a pass until nothing of it is left. */
export function startHelpers(network: TrainedNetwork, shared: SharedPass, count: number): WorkerHandle[] {
  const job: HelperJob = { ...shared, data: inSharedMemory(shared.data), kind: "helper" };
  return startWorkers(network, new Array(count).fill(job));
}

/** What a helper does. */
export function help(
  network: TrainedNetwork,
  { pass, data, conditions, result, queue: memory }: SharedPass,
): void {
  const map = network.pass(pass, conditions);
  const queue = new ChunkQueue(memory);
  for (let chunk = queue.take(); chunk !== undefined; chunk = queue.take()) {
    mapChunk(network.context, map, data, result, chunk);
    queue.finish(chunk);
  }
}

/** Latents of data, computed by all members of the network's team into `latents`, which they share. */
export function encodeTogether(network: TrainedNetwork, data: Float32Array, latents: Float32Array): void {
  const { team } = network.engine;
  const map = network.pass("encode");
  for (let chunk = team.rank; chunk < chunkCount(map, data); chunk += team.size) {
    mapChunk(network.context, map, data, latents, chunk);
  }
  // Nobody reads before all have written.
  team.sum(0);
}

function inSharedMemory(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedFloat32(values.length);
  copy.set(values);
  return copy;
}

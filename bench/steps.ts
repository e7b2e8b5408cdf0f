import { sharedFloat32 } from "../src/data/dataset.js";
import type { Profiler } from "../src/engine/profile/profiler.js";
import { Random } from "../src/engine/random.js";
import { elements } from "../src/engine/shape.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../src/flows/architecture.js";
import { GinNetwork } from "../src/models/gin/network.js";
import { ginTrainer } from "../src/models/gin/trainer.js";
import { trainOnThreads } from "../src/models/trained/training.js";
import { startOfTraining, type TrainingHooks } from "../src/nn/train.js";

/** A training load: what is trained, on how many threads. */
export interface StepLoad {
  readonly architecture: Architecture;
  readonly batch: number;
  readonly threads: number;
  readonly classes?: number;
  /** Default: ten batches. */
  readonly samples?: number;
}

/** How long to train: V8 compiles what runs often once more while it runs, and that must be over. */
export interface Stretch {
  /** Before anything counts. */
  readonly warmSeconds: number;
  readonly seconds: number;
  /** Measure over whole epochs instead. */
  readonly wholeEpochs?: boolean;
}

/**
 * Seconds of a training step, measured again and again over stretches of some 40 ms or one step, and the bytes of
 * kernel memory that a thread used.
 */
export async function timeSteps(
  load: StepLoad,
  { warmSeconds, seconds, wholeEpochs = false }: Stretch,
  profiler?: Profiler,
): Promise<{ times: number[]; arena: number }> {
  const { architecture, batch, threads, classes = 5, samples = 10 * batch } = load;
  const network = await GinNetwork.create({ architecture, prior: "trainable", classes, seed: 1 });
  const settings = { noise: 0.01, priorFactor: 1 };
  const adam = ginTrainer.optimiser(network, settings);
  const random = new Random(1, "benchmark");
  const data = sharedFloat32(samples * elements(architecture.input));
  // Uniform numbers serve: the time of a step does not depend on the values.
  for (let i = 0; i < data.length; i++) data[i] = random.uniform();
  const labels = Int32Array.from({ length: samples }, (_, index) => index % classes);
  const forever = {
    kind: "fixed",
    learningRate: 1e-3,
    factor: 0.1,
    epochs: 1_000_000_000,
    finalEpochs: 0,
  } as const;
  // A profiler looks into every other step once it is warm.
  const fewest = profiler ? 3 : 1;
  const enough = new AbortController();
  const times: number[] = [];
  const warm = performance.now() + 1000 * warmSeconds;
  let last: { time: number; step: number } | undefined;
  const reach = (step: number) => {
    const time = performance.now();
    if (last && last.time >= warm) times.push((time - last.time) / 1000 / (step - last.step));
    last = { time, step };
    if (time >= warm + 1000 * seconds && times.length >= fewest) enough.abort();
  };
  const hooks: TrainingHooks = wholeEpochs
    ? { onEpoch: ({ epoch }) => reach(epoch * Math.ceil(samples / batch)), onProgress() {} }
    : { onProgress: ({ state }) => reach(state.step) };
  const training = trainOnThreads(
    ginTrainer,
    network,
    adam,
    {
      training: { data, labels },
      heldOut: { data: new Float32Array(0), labels: new Int32Array(0) },
      settings,
      options: { schedule: forever, batch, seed: 1 },
      state: startOfTraining,
    },
    threads,
    { ...hooks, signal: enough.signal },
    profiler,
  );
  await training.catch((error) => {
    if (!enough.signal.aborted) throw error;
  });
  return { times, arena: network.engine.arena.peak };
}

export const vectorLoad = (threads: number): StepLoad => ({
  architecture: vectorArchitecture(10, "mean"),
  batch: 1000,
  threads,
});

export const imageLoad = (threads: number): StepLoad => ({
  architecture: imageArchitecture({ channels: 1, height: 28, width: 28 }, "mean"),
  batch: 240,
  threads,
  classes: 10,
});

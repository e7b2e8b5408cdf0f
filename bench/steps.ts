import { sharedFloat32 } from "../src/data/dataset.js";
import type { Profiler } from "../src/engine/profile/profiler.js";
import { Random } from "../src/engine/random.js";
import { elements } from "../src/engine/shape.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../src/flows/architecture.js";
import { GinNetwork } from "../src/models/gin/network.js";
import { ginTrainer } from "../src/models/gin/trainer.js";
import { type IvaeDescription, IvaeNetwork } from "../src/models/ivae/network.js";
import { ivaeTrainer } from "../src/models/ivae/trainer.js";
import type { LabelledSamples } from "../src/models/labelled-samples.js";
import type { TrainedNetwork } from "../src/models/trained/network.js";
import { type Trainer, trainOnThreads } from "../src/models/trained/training.js";
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
 * Seconds of a training step of GIN, measured again and again over stretches of some 40 ms or one step, and the bytes of
 * kernel memory that a thread used.
 */
export async function timeSteps(load: StepLoad, stretch: Stretch, profiler?: Profiler): Promise<StepTimes> {
  const { architecture, batch, threads, classes = 5, samples = 10 * batch } = load;
  const network = await GinNetwork.create({ architecture, prior: "trainable", classes, seed: 1 });
  const training = uniformSamples(samples, elements(architecture.input), classes);
  const settings = { noise: 0.01, priorFactor: 1 };
  return timeTraining(ginTrainer, network, { training, settings, batch, threads }, stretch, profiler);
}

/** The same of iVAE as the paper's figures have it: 5 sources and features, 40 segments, 3 hidden layers of 100 units. */
export async function timeIvaeSteps(batch: number, threads: number, stretch: Stretch): Promise<StepTimes> {
  const network = await IvaeNetwork.create(IVAE);
  const training = uniformSamples(40_000, IVAE.features, IVAE.classes);
  const settings = {
    weights: { reconstruction: 1, information: 1, correlation: 1, dimensions: 1 },
    annealSteps: 0,
    importanceSamples: 1,
    noise: 0,
    priorFactor: 1,
  };
  return timeTraining(ivaeTrainer, network, { training, settings, batch, threads }, stretch);
}

const IVAE: IvaeDescription = {
  features: 5,
  latents: 5,
  classes: 40,
  width: 100,
  depth: 3,
  activation: "leaky-relu",
  skip: false,
  posterior: "diagonal",
  encoder: "xu",
  prior: "learned",
  family: "gaussian",
  decoder: "gaussian",
  decoderVariance: 0.01,
  seed: 1,
};

/** Uniform numbers serve: the time of a step does not depend on the values. */
function uniformSamples(samples: number, width: number, classes: number): LabelledSamples {
  const random = new Random(1, "benchmark");
  const data = sharedFloat32(samples * width);
  for (let i = 0; i < data.length; i++) data[i] = random.uniform();
  return { data, labels: Int32Array.from({ length: samples }, (_, index) => index % classes) };
}

export interface StepTimes {
  readonly times: number[];
  readonly arena: number;
}

async function timeTraining<N extends TrainedNetwork, S>(
  trainer: Trainer<N, S>,
  network: N,
  {
    training,
    settings,
    batch,
    threads,
  }: {
    readonly training: LabelledSamples;
    readonly settings: NoInfer<S>;
    readonly batch: number;
    readonly threads: number;
  },
  { warmSeconds, seconds, wholeEpochs = false }: Stretch,
  profiler?: Profiler,
): Promise<StepTimes> {
  const adam = trainer.optimiser(network, settings);
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
  const stepsPerEpoch = Math.ceil(training.labels.length / batch);
  const hooks: TrainingHooks = wholeEpochs
    ? { onEpoch: ({ epoch }) => reach(epoch * stepsPerEpoch), onProgress() {} }
    : { onProgress: ({ state }) => reach(state.step) };
  const fit = trainOnThreads(
    trainer,
    network,
    adam,
    {
      training,
      heldOut: { data: new Float32Array(0), labels: new Int32Array(0) },
      settings,
      options: { schedule: forever, batch, seed: 1 },
      state: startOfTraining,
    },
    threads,
    { ...hooks, signal: enough.signal },
    profiler,
  );
  await fit.catch((error) => {
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

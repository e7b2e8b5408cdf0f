import { sharedFloat32 } from "../src/data/dataset.js";
import { Random } from "../src/engine/random.js";
import { elements } from "../src/engine/shape.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../src/flows/architecture.js";
import { GinNetwork } from "../src/models/gin/network.js";
import { ginOptimiser, trainOnThreads } from "../src/models/gin/training.js";
import { startOfTraining } from "../src/nn/train.js";

/** A training load: what is trained, on how many threads. */
export interface StepLoad {
  readonly architecture: Architecture;
  readonly batch: number;
  readonly threads: number;
  readonly classes?: number;
}

const STEPS_PER_EPOCH = 10;

/** Seconds of each training step, measured over `epochs` stretches of ten steps after one to warm up. */
export async function timeSteps(load: StepLoad, epochs: number): Promise<number[]> {
  const { architecture, batch, threads, classes = 5 } = load;
  const network = await GinNetwork.create({ architecture, prior: "trainable", classes, seed: 1 });
  const adam = ginOptimiser(network, 1);
  const samples = batch * STEPS_PER_EPOCH;
  const random = new Random(1, "benchmark");
  const data = sharedFloat32(samples * elements(architecture.input));
  // Uniform numbers serve: the time of a step does not depend on the values.
  for (let i = 0; i < data.length; i++) data[i] = random.uniform();
  const labels = Int32Array.from({ length: samples }, (_, index) => index % classes);
  const schedule = {
    kind: "fixed",
    learningRate: 1e-3,
    factor: 0.1,
    epochs: epochs + 1,
    finalEpochs: 0,
  } as const;
  const ends: number[] = [];
  await trainOnThreads(
    network,
    adam,
    {
      training: { data, labels },
      heldOut: { data: new Float32Array(0), labels: new Int32Array(0) },
      noise: 0.01,
      priorFactor: 1,
      options: { schedule, batch, seed: 1 },
      state: startOfTraining,
    },
    threads,
    { onEpoch: () => ends.push(performance.now()) },
  );
  return ends.slice(1).map((end, index) => (end - ends[index]) / 1000 / STEPS_PER_EPOCH);
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

import type { KernelInstance } from "../../src/engine/compile-kernels.js";
import { Random } from "../../src/engine/random.js";
import { elements } from "../../src/engine/shape.js";
import { SOLO } from "../../src/engine/team.js";
import { watchKernels } from "../../src/engine/watch-kernels.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../src/flows/architecture.js";
import { type GinDescription, GinNetwork } from "../../src/models/gin/network.js";
import { ginTrainer } from "../../src/models/gin/trainer.js";
import { trainMember } from "../../src/models/trained/training.js";
import { startOfTraining } from "../../src/nn/train.js";
import type { InstructionCount } from "./instruction-counts.js";
import { executed, meter } from "./meter.js";

/** A training step whose costs are recorded. */
export interface Workload {
  readonly architecture: Architecture;
  readonly prior: GinDescription["prior"];
  readonly classes: number;
  readonly batch: number;
}

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  "10-d GIN, batch 1000": {
    architecture: vectorArchitecture(10, "mean"),
    prior: "trainable",
    classes: 5,
    batch: 1000,
  },
  "image GIN, batch 240": {
    architecture: imageArchitecture({ channels: 1, height: 28, width: 28 }, "mean"),
    prior: "empirical",
    classes: 10,
    batch: 240,
  },
};

/** What one training step costs on one thread; the same on every machine. */
export interface StepCosts {
  /** Bytes that the step takes beyond what lives as long as the model. */
  readonly arenaBytes: number;
  /** Times that a team adds something up. */
  readonly teamSums: number;
  /** Calls of each kernel, and the instructions that they execute. */
  readonly kernels: Readonly<Record<string, { readonly calls: number } & InstructionCount>>;
}

/** Costs of one step, with the kernels that `binary` holds. */
export async function stepCosts(workload: Workload, binary: Uint8Array): Promise<StepCosts> {
  const { engine, train } = await oneStep(workload);
  const metered = new WebAssembly.Instance(await WebAssembly.compile(meter(binary)), {
    env: { memory: engine.memory.buffer },
  });
  const instance = metered.exports as unknown as KernelInstance;
  instance.useOwnMemory(engine.arena.allocate(instance.ownMemoryBytes()));
  const kernels: Record<string, { calls: number; instructions: number; simd: number }> = {};
  engine.useKernels(
    watchKernels(instance, (name, kernel, args) => {
      const before = executed(metered.exports);
      const result = kernel(...args);
      const after = executed(metered.exports);
      kernels[name] ??= { calls: 0, instructions: 0, simd: 0 };
      kernels[name].calls += 1;
      kernels[name].instructions += after.instructions - before.instructions;
      kernels[name].simd += after.simd - before.simd;
      return result;
    }),
  );
  let teamSums = 0;
  engine.join({
    ...SOLO,
    allReduce: () => void teamSums++,
    sum: (value) => {
      teamSums++;
      return value;
    },
  });
  const { used } = engine.arena;
  await train();
  return { arenaBytes: engine.arena.peak - used, teamSums, kernels };
}

/** A network about to be trained for one step. */
export async function oneStep(workload: Workload) {
  const { architecture, prior, classes, batch } = workload;
  const network = await GinNetwork.create({ architecture, prior, classes, seed: 1 });
  const settings = { noise: 0.01, priorFactor: 1 };
  const adam = ginTrainer.optimiser(network, settings);
  const { engine, parameters } = network;
  const train = () =>
    trainMember(ginTrainer, network, adam, {
      training: uniformSamples(batch, elements(architecture.input), classes),
      heldOut: { data: new Float32Array(0), labels: new Int32Array(0) },
      settings,
      options: {
        schedule: { kind: "fixed", learningRate: 1e-3, factor: 1, epochs: 1, finalEpochs: 0 },
        batch,
        seed: 1,
      },
      state: startOfTraining,
    });
  return { engine, parameters, train };
}

function uniformSamples(samples: number, size: number, classes: number) {
  const random = new Random(1, "costs");
  return {
    data: Float32Array.from({ length: samples * size }, () => random.uniform()),
    labels: Int32Array.from({ length: samples }, (_, index) => index % classes),
  };
}

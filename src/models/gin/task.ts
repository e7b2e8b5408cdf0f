import { randomKey } from "../../engine/random.js";
import { elements, type Shape } from "../../engine/shape.js";
import { Tape } from "../../engine/tape.js";
import { slice } from "../../engine/team.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";
import { inMemory } from "../../nn/epoch-order.js";
import type { TrainingTask } from "../../nn/train.js";
import { type BatchLabels, countLabels } from "../../priors/prior.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { GinNetwork } from "./network.js";
import { type StatisticsSamples, setSampleStatistics } from "./statistics.js";

const EVALUATION_BATCH = 1000;

/**
 * The maximum-likelihood task of GIN (eq. 7): every team member works on its slice of the batch; fresh Gaussian
 * noise is added each time a sample is drawn.
 */
export function ginTask(
  network: GinNetwork,
  training: LabelledSamples,
  heldOut: LabelledSamples,
  options: {
    readonly noise: number;
    readonly seed: number;
    /** What evaluation sets the prior's tables from; for a prior that takes its statistics from the data. */
    readonly statistics?: StatisticsSamples | undefined;
  },
): TrainingTask {
  const { engine, flow, prior } = network;
  const noiseKey = randomKey(options.seed, "noise");
  const size = elements(flow.input);

  /** Puts samples of `from` into kernel memory, and their labels beside them. */
  const stage = (from: LabelledSamples, samples: ArrayLike<number>, shape: Shape) => {
    const staging = allocateStaging(network.context, shape, samples.length);
    const pointer = engine.arena.allocate(4 * samples.length);
    const values = engine.memory.floats(staging, samples.length * size);
    const labels = engine.memory.integers(pointer, samples.length);
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i];
      copySample(from.data, sample * size, values, i * size, size);
      labels[i] = from.labels[sample];
    }
    return { staging, pointer, localCounts: countLabels(labels, prior.classes) };
  };

  /** The team member's slice of the samples, with the class counts of all of them. */
  const stageSlice = (from: LabelledSamples, samples: Int32Array) => {
    const part = slice(engine.team, samples.length);
    const local = samples.subarray(part.from, part.to);
    const { staging, pointer, localCounts } = stage(from, local, flow.input);
    const counts = new Float64Array(prior.classes);
    for (const sample of samples) counts[from.labels[sample]] += 1;
    const labels: BatchLabels = { pointer, samples: local.length, counts, localCounts };
    return { staging, labels, first: part.from };
  };

  const gradient = (samples: Int32Array, step: number): number => {
    const { staging, labels, first } = engine.stopwatch.measure("batch loading", () =>
      stageSlice(training, samples),
    );
    if (options.noise > 0) {
      const { key0, key1 } = noiseKey;
      engine.kernels.addNormal(staging, labels.samples * size, key0, key1, step, first * size, options.noise);
    }
    const tape = new Tape();
    const context = network.withLogDeterminant({ engine, tape }, labels.samples);
    const x = loadTensor(context, flow.input, staging, labels.samples, { gradient: false });
    const w = flow.forward(context, x);
    const loss = prior.trainingLoss(context, w, labels, context.logDeterminant);
    tape.backward();
    return loss;
  };

  const evaluate = (set: LabelledSamples): number => {
    let total = 0;
    for (let from = 0; from < set.labels.length; from += EVALUATION_BATCH) {
      const count = Math.min(EVALUATION_BATCH, set.labels.length - from);
      const mark = engine.arena.mark();
      const samples = Int32Array.from({ length: count }, (_, index) => from + index);
      const { staging, labels } = stageSlice(set, samples);
      const context = network.withLogDeterminant(network.context, labels.samples);
      const x = loadTensor(context, flow.input, staging, labels.samples, { gradient: false });
      total +=
        count * prior.evaluationLoss(context, flow.forward(context, x), labels, context.logDeterminant);
      engine.arena.release(mark);
    }
    return total / set.labels.length;
  };

  return {
    parameters: network.parameters,
    samples: inMemory(training.labels.length),
    gradient,
    heldOutLoss() {
      if (heldOut.labels.length === 0) return null;
      if (options.statistics) setSampleStatistics(network, options.statistics);
      return evaluate(heldOut);
    },
  };
}

/** Copies one sample; a view costs more than copying a short one number by number. */
function copySample(from: Float32Array, start: number, to: Float32Array, target: number, size: number): void {
  if (size > 64) to.set(from.subarray(start, start + size), target);
  else for (let i = 0; i < size; i++) to[target + i] = from[start + i];
}

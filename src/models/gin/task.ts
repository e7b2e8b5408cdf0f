import { RepeatedParts } from "../../engine/program/repeated-parts.js";
import { randomKey } from "../../engine/random.js";
import { elements } from "../../engine/shape.js";
import { Tape } from "../../engine/tape.js";
import { watchKernels } from "../../engine/watch-kernels.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";
import { batchDivision, type SampleRange } from "../../nn/batch-division.js";
import type { TrainingTask } from "../../nn/train.js";
import { type BatchLabels, countLabels } from "../../priors/prior.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { SampleSource } from "../sample-source.js";
import { partsOf } from "../trained/batch-parts.js";
import { batchesOf } from "../trained/batches.js";
import type { BatchesAhead, BatchPart } from "../trained/gathered-batches.js";
import { sumInOrder } from "../trained/in-order.js";
import type { GinNetwork } from "./network.js";
import { type StatisticsSamples, setSampleStatistics } from "./statistics.js";

/**
 * MiB that a step may keep for its way back, on one thread and on each of several. Parts of a batch save memory and cost
 * time, since layers are prepared for each.
 */
const STEP_MEMORY = 26;
const MEMBER_STEP_MEMORY = 13;

/**
 * The maximum-likelihood task of GIN (eq. 7): every team member works on parts of the batch; fresh Gaussian
 * noise is added each time a sample is drawn.
 */
export function ginTask(
  network: GinNetwork,
  training: SampleSource,
  heldOut: LabelledSamples,
  options: {
    readonly noise: number;
    readonly seed: number;
    /** What evaluation sets the prior's tables from; for a prior that takes its statistics from the data. */
    readonly statistics?: StatisticsSamples | undefined;
    /** MiB that a thread's step may keep for its way back; larger batches are taken in parts, where the prior allows it. */
    readonly stepMemory?: number | undefined;
  },
): TrainingTask {
  const { engine, flow, prior } = network;
  const { classes } = network.description;
  const noiseKey = randomKey(options.seed, "noise");
  const size = elements(flow.input);

  /** Puts a part of a batch into kernel memory. */
  const stage = ({ load, labels, known, counts, conditions, first }: BatchPart) => {
    const samples = labels.length;
    const staging = allocateStaging(network.context, flow.input, samples);
    const pointer = engine.arena.allocate(4 * samples);
    load(staging);
    engine.memory.integers(pointer, samples).set(labels);
    const localCounts = countLabels(labels, classes);
    const batch: BatchLabels = { pointer, samples, known, counts, localCounts, conditions };
    return { staging, labels: batch, first };
  };

  const parts = new RepeatedParts(engine);
  const division = batchDivision(engine.team, {
    parameters: network.parameters.length,
    isAdditive: prior.isAdditive,
  });
  const batches = batchesOf(engine, training, size, classes, division);
  const { stepMemory = engine.team.size > 1 ? MEMBER_STEP_MEMORY : STEP_MEMORY } = options;
  const most = prior.isAdditive ? samplesWithin(network, stepMemory * 2 ** 20) : Number.POSITIVE_INFINITY;
  const gradient = (samples: Int32Array, range: SampleRange, step: number, ahead?: BatchesAhead): number => {
    const take = (part: SampleRange) =>
      engine.stopwatch.measure("batch loading", () => batches.take(engine, samples, part, ahead));
    return partsOf(range, most).reduce((loss, part) => loss + gradientOf(take(part), step), 0);
  };

  /** Adds the gradient of a part of a batch, and lets go of what it keeps for the way back. */
  const gradientOf = (part: BatchPart, step: number): number => {
    const mark = engine.arena.mark();
    const { staging, labels, first } = engine.stopwatch.measure("batch loading", () => stage(part));
    if (options.noise > 0) {
      const { key0, key1 } = noiseKey;
      engine.kernels.addNormal(staging, labels.samples * size, key0, key1, step, first * size, options.noise);
    }
    const { context, tape, w } = parts.run(`forward of ${labels.samples}`, () => {
      const tape = new Tape();
      const context = network.withLogDeterminant({ engine, tape }, labels.samples);
      const x = loadTensor(context, flow.input, staging, labels.samples, { gradient: false });
      return { context, tape, w: flow.forward(context, x) };
    });
    const loss = prior.trainingLoss(context, w, labels, context.logDeterminant);
    parts.run(`backward of ${labels.samples}`, () => tape.backward());
    // Where that was repeated, it has done what the loss recorded.
    tape.forget();
    engine.arena.release(mark);
    return loss;
  };

  const evaluate = (set: LabelledSamples): number => {
    const total = sumInOrder(engine, set, size, classes, (slice, _from, count) => {
      const { staging, labels } = stage(slice);
      const context = network.withLogDeterminant(network.context, labels.samples);
      const x = loadTensor(context, flow.input, staging, labels.samples, { gradient: false });
      return count * prior.evaluationLoss(context, flow.forward(context, x), labels, context.logDeterminant);
    });
    return total / set.labels.length;
  };

  return {
    parameters: network.parameters,
    samples: training,
    division,
    gradient,
    heldOutLoss() {
      if (heldOut.labels.length === 0) return null;
      if (options.statistics) setSampleStatistics(network, options.statistics);
      return evaluate(heldOut);
    },
  };
}

/** Samples whose way forward and back fits in so many bytes; at least 8. */
function samplesWithin(network: GinNetwork, bytes: number): number {
  const { engine, flow } = network;
  const { kernels, arena } = engine;
  const few = 8;
  const [start, before] = [arena.mark(), arena.used];
  // Nothing is computed: what counts is what the arena is asked for.
  engine.useKernels(watchKernels(kernels, () => 0));
  try {
    const context = network.withLogDeterminant({ engine, tape: new Tape() }, few);
    const staging = allocateStaging(context, flow.input, few);
    flow.forward(context, loadTensor(context, flow.input, staging, few, { gradient: false }));
    return few * Math.max(1, Math.floor(bytes / (arena.used - before)));
  } finally {
    engine.useKernels(kernels);
    arena.release(start);
  }
}

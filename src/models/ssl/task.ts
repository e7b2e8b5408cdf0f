import type { SetNumbers, SetSource } from "../../augment/sets.js";
import type { Context } from "../../engine/context.js";
import { engineNormals } from "../../engine/normals.js";
import { RepeatedParts } from "../../engine/program/repeated-parts.js";
import { randomKey } from "../../engine/random.js";
import { elements, vector } from "../../engine/shape.js";
import { Tape } from "../../engine/tape.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";
import { batchDivision, inSlices, type SampleRange } from "../../nn/batch-division.js";
import type { TrainingTask } from "../../nn/train.js";
import { type SetBatch, setLoss } from "../../priors/set-gaussian.js";
import type { SampleSource } from "../sample-source.js";
import type { SslNetwork } from "./network.js";
import { membersOf, type PlacedSamples, type SetPlan, setSource } from "./sets.js";

/** Rows of data that are evaluated together, and at most in all. */
const EVALUATION_ROWS = 1000;
const MOST_EVALUATED = 10_000;

export interface SslTaskOptions {
  readonly plan: SetPlan;
  /** Standard deviation of the noise that is added to every member of a set. */
  readonly noise: number;
  readonly seed: number;
  /** Samples in a mini-batch. */
  readonly batch: number;
  /** Places of training and held-out samples in the data set. */
  readonly positions: { readonly training: Int32Array; readonly heldOut: Int32Array };
}

/** A team member's sets in kernel memory. */
interface StagedSets extends SetBatch {
  /** Members, [set][member][value]. */
  readonly staging: number;
  /** The samples themselves, [set][value]; 0 where nobody asks. */
  readonly originals: number;
}

/**
 * Maximises the likelihood of sets of augmented samples, each under a Gaussian of its own (eq. 7). Sets are made anew
 * each time a sample is drawn, by the team's member that works on them: a set is never split.
 */
export function sslTask(
  network: SslNetwork,
  training: SampleSource,
  heldOutSamples: PlacedSamples,
  { plan, noise, seed, batch: batchSamples, positions }: SslTaskOptions,
): TrainingTask {
  const { engine, flow } = network;
  const size = elements(flow.input);
  const members = membersOf(plan);
  const isPredicted = network.description.setStatistics === "encoder";
  const noiseKey = randomKey(seed, "noise");
  const trainingSamples = { ...training.window, positions: positions.training };
  const setsOf = (purpose: string, perRound: number) => {
    const normals = engineNormals(engine, seed, purpose);
    return setSource(plan, trainingSamples, { seed, purpose, perRound, normals });
  };
  const trainingSets = setsOf("augmentation", batchSamples);
  const heldOutSets = setsOf("held-out augmentation", heldOutSamples.labels.length);
  // Noise is drawn for whole groups of 8 values.
  const grain = 8 / greatestCommonDivisor(8, members * size);

  /** Reused: fresh memory would cost more than what is done in it. */
  let made = new Float32Array(0);

  /** Makes the sets of a part of a batch, whose sets have these numbers. */
  const stage = (
    source: SetSource,
    samples: PlacedSamples,
    batch: Int32Array,
    { from, to }: SampleRange,
    { round, first }: SetNumbers,
  ): StagedSets => {
    const sets = to - from;
    const staging = allocateStaging(network.context, flow.input, sets * members);
    const originals = isPredicted ? allocateStaging(network.context, flow.input, sets) : 0;
    const chosen = batch.subarray(from, to);
    const length = sets * members * size;
    if (made.length < length) made = new Float32Array(length);
    // Not right in kernel memory, which may grow while sets are made.
    const target = made.subarray(0, length);
    source.write({ ...samples, chosen }, { round, first: first + from }, target);
    engine.memory.floats(staging, length).set(target);
    if (isPredicted) {
      const originalValues = engine.memory.floats(originals, sets * size);
      chosen.forEach((row, set) => {
        originalValues.set(samples.data.subarray(row * size, (row + 1) * size), set * size);
      });
    }
    return { staging, originals, members, sets, batch: batch.length };
  };

  const forward = (context: Context, { staging, originals, sets }: StagedSets) => {
    const x = loadTensor(context, flow.input, staging, sets * members, { gradient: false });
    const sample = isPredicted
      ? loadTensor(context, vector(size), originals, sets, { gradient: false })
      : undefined;
    return { w: flow.forward(context, x), parameters: network.predict(context, sample) };
  };

  const parts = new RepeatedParts(engine);
  const division = batchDivision(engine.team, {
    parameters: network.parameters.length,
    isAdditive: true,
    grain,
  });
  const gradient = (samples: Int32Array, range: SampleRange, step: number): number => {
    const staged = engine.stopwatch.measure("augmentation", () =>
      stage(trainingSets, trainingSamples, samples, range, { round: step, first: 0 }),
    );
    const { staging, sets } = staged;
    if (noise > 0) {
      const { key0, key1 } = noiseKey;
      const values = members * size;
      engine.kernels.addNormal(staging, sets * values, key0, key1, step, range.from * values, noise);
    }
    const { context, tape, w, parameters } = parts.run(`forward of ${sets}`, () => {
      const tape = new Tape();
      const context = { engine, tape };
      return { context, tape, ...forward(context, staged) };
    });
    const loss = setLoss(context, w, staged, parameters);
    parts.run(`backward of ${sets}`, () => tape.backward());
    // Where that was repeated, it has done what the loss recorded.
    tape.forget();
    return loss;
  };

  const count = Math.min(heldOutSamples.labels.length, Math.floor(MOST_EVALUATED / members));
  const together = Math.max(1, Math.floor(EVALUATION_ROWS / members));
  const evaluate = (): number => {
    let total = 0;
    for (let first = 0; first < count; first += together) {
      const mark = engine.arena.mark();
      const chosen = Int32Array.from({ length: Math.min(together, count - first) }, (_, index) =>
        Math.floor(((first + index) * heldOutSamples.labels.length) / count),
      );
      const mine = inSlices(engine.team, grain).reach(chosen.length);
      const staged = stage(heldOutSets, heldOutSamples, chosen, mine, { round: 0, first });
      const { w, parameters } = forward(network.context, staged);
      total += chosen.length * setLoss(network.context, w, staged, parameters);
      engine.arena.release(mark);
    }
    return engine.team.sum(total) / count;
  };

  return {
    parameters: network.parameters,
    samples: training,
    division,
    gradient,
    heldOutLoss: () => (count === 0 ? null : evaluate()),
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

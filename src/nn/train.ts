import type { Engine } from "../engine/engine.js";
import { TeamBroken } from "../engine/team-control.js";
import { FailureError } from "../errors.js";
import type { Adam } from "./adam.js";
import type { BatchDivision, SampleRange } from "./batch-division.js";
import { breathe } from "./breathe.js";
import { EpochOrder, type TrainingSamples } from "./epoch-order.js";
import type { Parameters } from "./parameters.js";
import {
  advance,
  fractionDone,
  isDone,
  learningRate,
  type ScheduleOptions,
  type ScheduleState,
  startOfSchedule,
} from "./schedule.js";

/** One line of the training history; losses are per sample and dimension, in nats. */
export interface EpochRecord {
  readonly epoch: number;
  readonly learningRate: number;
  readonly trainingLoss: number;
  readonly heldOutLoss: number | null;
}

/** Where training stands, apart from parameters and optimiser moments; plain data, part of a checkpoint. */
export interface TrainingState {
  readonly schedule: ScheduleState;
  /** Optimiser steps taken. */
  readonly step: number;
  /** Batches done in the current epoch, and the sum over their samples of the loss. */
  readonly batch: number;
  readonly lossSum: number;
  readonly history: readonly EpochRecord[];
}

export const startOfTraining: TrainingState = {
  schedule: startOfSchedule,
  step: 0,
  batch: 0,
  lossSum: 0,
  history: [],
};

/** What is trained: a loss on chosen samples, and its gradient. */
export interface TrainingTask {
  readonly parameters: Parameters;
  /** Training samples; `gradient` receives positions in the open window. */
  readonly samples: TrainingSamples;
  /** How a team divides a batch of this task. */
  readonly division: BatchDivision;
  /**
   * Adds to the parameters' gradient vector what a part of a batch contributes to the gradient of the mean loss over the
   * batch, and returns what it contributes to the loss. `ahead` gives this batch and up to `count` - 1 of those that follow
   * it, for a task that reads samples ahead.
   */
  gradient(
    samples: Int32Array,
    part: SampleRange,
    step: number,
    ahead?: (count: number) => readonly Int32Array[],
  ): number;
  /** The loss on held-out samples, or null where none are held out. */
  heldOutLoss(): number | null;
}

export interface TrainingOptions {
  readonly schedule: ScheduleOptions;
  readonly batch: number;
  readonly seed: number;
  /** Largest norm of the gradient; larger ones are scaled down. */
  readonly clip?: number;
}

export interface TrainingProgress {
  readonly state: TrainingState;
  readonly learningRate: number;
  readonly fraction: number;
}

export interface TrainingHooks {
  readonly signal?: AbortSignal;
  /** Called whenever control returns to the event loop, some twenty times a second. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Called after each epoch, with its record and those of all epochs so far. */
  readonly onEpoch?: (record: EpochRecord, history: readonly EpochRecord[]) => void;
  /** Called every `checkpointSeconds` and when training is cancelled; may be asynchronous. */
  readonly onCheckpoint?: (state: TrainingState) => void | Promise<void>;
  readonly checkpointSeconds?: number;
}

/** Training met a value that is not finite. */
export class Diverged extends FailureError {}

/** Thrown on the members of a team that have no signal of their own when training is cancelled. */
export class TrainingCancelled extends Error {
  override readonly name = "TrainingCancelled";
}

const YIELD_MILLISECONDS = 40;

/**
 * Minimises a task's loss with Adam over reshuffled mini-batches, from `state` on. The same state, parameters and
 * moments give the same course bit for bit, wherever it was interrupted. Of a team that shares its model only the first member
 * has Adam. Throws the signal's reason when cancelled, and Diverged, naming step and tensor, at the first value that is not
 * finite.
 */
export async function train(
  engine: Engine,
  task: TrainingTask,
  adam: Adam | undefined,
  options: TrainingOptions,
  state: TrainingState,
  hooks: TrainingHooks = {},
): Promise<TrainingState> {
  let lastYield = performance.now();
  let lastCheckpoint = lastYield;
  let epochBatches = 1;
  const isWatched = Object.values(hooks).some((hook) => hook !== undefined);
  const checkpointMilliseconds = 1000 * (hooks.checkpointSeconds ?? 10);
  const pause = async () => {
    const now = performance.now();
    if (!isWatched || now - lastYield < YIELD_MILLISECONDS) return;
    hooks.onProgress?.({
      state,
      learningRate: learningRate(options.schedule, state.schedule),
      fraction: progressFraction(options, epochBatches, state),
    });
    if (now - lastCheckpoint > checkpointMilliseconds) {
      await hooks.onCheckpoint?.(state);
      lastCheckpoint = performance.now();
    }
    await breathe();
    lastYield = performance.now();
  };

  // A step that a broken team left undone has changed nothing yet.
  const orCheckpoint = async <T>(reached: TrainingState, work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TeamBroken) await hooks.onCheckpoint?.(reached);
      throw error;
    }
  };

  // Agreed on by all, so that a team stops at the same step: before the first, and from then on with each sum.
  let stop = engine.team.sum(hooks.signal?.aborted ? 1 : 0) > 0;
  while (!isDone(options.schedule, state.schedule)) {
    const rate = learningRate(options.schedule, state.schedule);
    const order = new EpochOrder(engine, task.samples, options, state.schedule.epoch);
    epochBatches = order.batches;
    while (state.batch < order.batches) {
      if (stop) {
        await hooks.onCheckpoint?.(state);
        throw hooks.signal?.reason ?? new TrainingCancelled("Training was cancelled.");
      }
      const isAborted = () => hooks.signal?.aborted === true;
      const { losses, aborted } = await orCheckpoint(state, () => {
        // The shuffle of a window is drawn before its first step and is no part of it.
        engine.stopwatch.measure("shuffling", () => order.batch(state.batch));
        return engine.stopwatch.step(() =>
          step(engine, task, adam, order, state, rate, options.clip, isAborted),
        );
      });
      state = {
        ...state,
        step: state.step + 1,
        batch: state.batch + 1,
        lossSum: state.lossSum + losses,
      };
      stop = aborted;
      await pause();
    }
    state = await orCheckpoint(state, () => finishEpoch(engine, task, options, state, rate));
    hooks.onEpoch?.(state.history[state.history.length - 1], state.history);
    await pause();
  }
  return state;
}

/** The share of training that is done; an epoch under way has `batches` batches. */
function progressFraction({ schedule }: TrainingOptions, batches: number, state: TrainingState): number {
  const done = fractionDone(schedule, state.schedule);
  if (schedule.kind === "plateau") return done;
  return Math.min(1, done + state.batch / batches / schedule.epochs);
}

/** One step of the optimiser; returns the sum of the samples' losses, and whether a member asks to stop. */
function step(
  engine: Engine,
  task: TrainingTask,
  adam: Adam | undefined,
  order: EpochOrder,
  state: TrainingState,
  rate: number,
  clip: number | undefined,
  isAborted: () => boolean,
): { losses: number; aborted: boolean } {
  const { parameters } = task;
  const samples = order.batch(state.batch);
  const gradientOf = (part: SampleRange): number => {
    engine.kernels.fillZero(parameters.gradientsPointer, parameters.padded);
    const mark = engine.arena.mark();
    const share = task.gradient(samples, part, state.step, (count) => order.ahead(state.batch, count));
    engine.arena.release(mark);
    return share;
  };
  const { loss, aborted } = overTeam(engine, task, samples.length, gradientOf, isAborted);
  const update = () => {
    const norm = Math.sqrt(engine.kernels.squaredNorm(parameters.gradientsPointer, parameters.padded));
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) throw diverged(parameters, state, loss);
    adam?.step(rate, clip !== undefined && norm > clip ? clip / norm : 1);
  };
  if (engine.team.sharesModel) engine.team.update(update);
  else update();
  return { losses: loss * samples.length, aborted };
}

/**
 * The loss of a batch over all members of a team, and whether one of them asks to stop. The gradient takes the place of each
 * member's part of it; where they share the model, of the first member's.
 */
function overTeam(
  { team, kernels }: Engine,
  { parameters, division }: TrainingTask,
  samples: number,
  gradientOf: (part: SampleRange) => number,
  isAborted: () => boolean,
): { loss: number; aborted: boolean } {
  const shares = division.shares?.(samples);
  // One sum for all: each costs a wait for the slowest.
  if (shares) {
    const gradients = () => parameters.gradients();
    const work = (share: number) => gradientOf(shares[share]);
    const { total, stop } = team.sumOfShares(shares.length, work, gradients, isAborted());
    return { loss: total, aborted: stop };
  }
  const numbers = Float64Array.of(gradientOf(division.reach(samples)), isAborted() ? 1 : 0);
  if (team.sharesModel) team.sumAtFirst(kernels, parameters.gradientsPointer, parameters.padded, numbers);
  else team.allReduce(parameters.gradients(), numbers);
  return { loss: numbers[0], aborted: numbers[1] > 0 };
}

function finishEpoch(
  engine: Engine,
  task: TrainingTask,
  options: TrainingOptions,
  state: TrainingState,
  rate: number,
): TrainingState {
  const trainingLoss = state.lossSum / task.samples.count;
  const record = {
    epoch: state.schedule.epoch + 1,
    learningRate: rate,
    trainingLoss,
    heldOutLoss: engine.stopwatch.measure("held-out likelihood", () => task.heldOutLoss()),
  };
  return {
    schedule: advance(options.schedule, state.schedule, trainingLoss),
    step: state.step,
    batch: 0,
    lossSum: 0,
    history: [...state.history, record],
  };
}

function diverged(parameters: Parameters, state: TrainingState, loss: number): Diverged {
  const gradients = parameters.gradients();
  const culprit = parameters
    .entries()
    .find(({ offset, length }) => !gradients.subarray(offset, offset + length).every(Number.isFinite));
  const what = culprit ? `the gradient of ${culprit.name} is not finite` : `the loss is ${loss}`;
  return new Diverged(
    `Training stopped at step ${state.step + 1} (epoch ${state.schedule.epoch + 1}): ${what}; ` +
      "a lower learning rate or gradient clipping may help.",
  );
}

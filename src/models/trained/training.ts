import type { Profiler } from "../../engine/profile/profiler.js";
import { LONG_SUM } from "../../engine/team.js";
import { readyMembers, TeamBroken } from "../../engine/team-control.js";
import { createTeamMemory, type TeamMemory } from "../../engine/team-memory.js";
import { ThreadTeam } from "../../engine/thread-team.js";
import { FailureError } from "../../errors.js";
import type { Adam } from "../../nn/adam.js";
import {
  type TrainingHooks,
  type TrainingOptions,
  type TrainingState,
  type TrainingTask,
  train,
} from "../../nn/train.js";
import type { WorkerHandle } from "../../platform/platform.js";
import type { LabelledSamples } from "../labelled-samples.js";
import { memorySource, type SampleSource } from "../sample-source.js";
import { StoredSource, type StoredTraining } from "../stored-source.js";
import type { TrainedNetwork } from "./network.js";
import { startSharingWorkers, startWorkers } from "./workers.js";

/** What every member of a team trains, from the same state; plain data and shared memory. */
export interface TrainingJob<S> {
  /** The training samples, or where all of them are stored some of them, for statistics. */
  readonly training: LabelledSamples;
  readonly stored?: StoredTraining | undefined;
  readonly heldOut: LabelledSamples;
  /** What the method's task and optimiser want to know beside. */
  readonly settings: S;
  readonly options: TrainingOptions;
  readonly state: TrainingState;
}

/** How a method trains its networks. */
export interface Trainer<N extends TrainedNetwork, S> {
  optimiser(network: N, settings: S): Adam;
  task(network: N, training: SampleSource, job: TrainingJob<S>): TrainingTask;
}

/** What a worker needs, beside its network, to become a member of the team. */
export interface MemberJob<S> extends TrainingJob<S> {
  readonly kind: "member";
  readonly team: TeamMemory;
  readonly rank: number;
  /** Of the optimiser; absent where it has taken no step, and where the first member alone has one. */
  readonly moments: { readonly first: Float32Array; readonly second: Float32Array } | undefined;
}

/** Trains a network within its engine's team of one, or as the member of a larger one, where the first alone may have an optimiser. */
export async function trainMember<N extends TrainedNetwork, S>(
  trainer: Trainer<N, S>,
  network: N,
  adam: Adam | undefined,
  job: TrainingJob<S>,
  hooks: TrainingHooks = {},
): Promise<TrainingState> {
  const { engine } = network;
  const { training, stored, options, state } = job;
  const source = stored
    ? new StoredSource(stored, engine.platform.openForReading(stored.file.path), engine.team, options.seed)
    : memorySource(training);
  try {
    return await train(engine, trainer.task(network, source, job), adam, options, state, hooks);
  } finally {
    source.close();
  }
}

/**
 * Trains a network on `threads` threads: this one and workers. Throws FailureError when
 * a worker fails, after a checkpoint of the last whole step. A profiler measures this thread.
 */
export async function trainOnThreads<N extends TrainedNetwork, S>(
  trainer: Trainer<N, S>,
  network: N,
  adam: Adam,
  job: TrainingJob<S>,
  threads: number,
  hooks: TrainingHooks,
  profiler?: Profiler,
): Promise<TrainingState> {
  profiler?.attach(network.engine, threads);
  try {
    return await (threads === 1
      ? trainMember(trainer, network, adam, job, hooks)
      : trainAsTeam(trainer, network, adam, job, threads, hooks));
  } finally {
    profiler?.detach();
  }
}

async function trainAsTeam<N extends TrainedNetwork, S>(
  trainer: Trainer<N, S>,
  network: N,
  adam: Adam,
  job: TrainingJob<S>,
  threads: number,
  hooks: TrainingHooks,
): Promise<TrainingState> {
  const { engine } = network;
  const solo = engine.team;
  const sharesModel = canShare(network, threads);
  const memory = await createTeamMemory(threads, network.longestSum, { sharesModel });
  const workers = startMembers(network, adam, job, memory);
  try {
    await allReady(memory, workers);
    engine.join(new ThreadTeam(memory, 0, { stopwatch: engine.stopwatch }));
    return await trainMember(trainer, network, adam, job, hooks);
  } catch (error) {
    throw error instanceof TeamBroken ? await explain(error, workers) : error;
  } finally {
    engine.join(solo);
    for (const worker of workers) worker.terminate();
    engine.memory.count();
  }
}

/** Bytes of a memory that parameters, what belongs to them, and steps may need for threads to share it: 3 of its 4 GiB. */
const SHARED_BYTES = 3 * 2 ** 30;
/** What the step of a thread may keep, beside a gradient. */
const STEP_BYTES = 64 * 2 ** 20;

/**
 * Whether the members of a team share the model, which spares each a copy. Few parameters are kept by each: copies take
 * little memory, and nobody has to wait for the first to change them.
 */
function canShare({ engine, parameters }: TrainedNetwork, threads: number): boolean {
  const isLarge = parameters.length >= LONG_SUM;
  // Values and two moments, and for each thread a gradient.
  const bytes = 4 * parameters.padded * (3 + threads) + STEP_BYTES * threads;
  return isLarge && engine.memory.isShared && bytes <= SHARED_BYTES;
}

function startMembers<S>(
  network: TrainedNetwork,
  adam: Adam,
  job: TrainingJob<S>,
  team: TeamMemory,
): readonly WorkerHandle[] {
  const { sharesModel } = team;
  const moments = job.state.step > 0 && !sharesModel ? adam.moments() : undefined;
  const jobs = Array.from({ length: team.size - 1 }, (_, index): MemberJob<S> => {
    return { ...job, kind: "member", team, rank: index + 1, moments };
  });
  const workers = (sharesModel ? startSharingWorkers : startWorkers)(network, jobs);
  // A worker that dies without a word would leave the others waiting.
  for (const { ended } of workers) void ended.then((error) => error && new ThreadTeam(team, 0).fail());
  return workers;
}

/** Waits without blocking, so that the end of a worker that cannot start is seen. */
async function allReady(team: TeamMemory, workers: readonly WorkerHandle[]): Promise<void> {
  let failed = false;
  for (const { ended } of workers) void ended.then(() => (failed = true));
  while (readyMembers(team) < workers.length) {
    if (failed) throw new TeamBroken("A worker could not start.");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function explain(broken: TeamBroken, workers: readonly WorkerHandle[]): Promise<FailureError> {
  const aMoment = new Promise<undefined>((resolve) => setTimeout(resolve, 1000));
  const cause = await Promise.race([...workers.map(({ ended }) => ended), aMoment]);
  return new FailureError(
    `Training stopped: ${cause ? `a worker thread failed (${cause.message})` : broken.message} The fit can be resumed.`,
  );
}

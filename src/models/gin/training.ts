import type { Profiler } from "../../engine/profile/profiler.js";
import {
  createTeamMemory,
  readyMembers,
  TeamBroken,
  type TeamMemory,
  ThreadTeam,
} from "../../engine/thread-team.js";
import { FailureError } from "../../errors.js";
import { Adam } from "../../nn/adam.js";
import { type TrainingHooks, type TrainingOptions, type TrainingState, train } from "../../nn/train.js";
import type { WorkerHandle } from "../../platform/platform.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { GinNetwork } from "./network.js";
import { type StatisticsSamples, statisticsSamples } from "./statistics.js";
import { ginTask } from "./task.js";
import { startWorkers } from "./workers.js";

/** What every member of a team trains, from the same state. */
export interface TrainingJob {
  readonly training: LabelledSamples;
  readonly heldOut: LabelledSamples;
  readonly noise: number;
  readonly priorFactor: number;
  readonly options: TrainingOptions;
  readonly state: TrainingState;
  readonly statistics?: StatisticsSamples | undefined;
}

/** What a worker needs, beside its copy of the network, to become a member of the team. */
export interface MemberJob extends TrainingJob {
  readonly kind: "member";
  readonly team: TeamMemory;
  readonly rank: number;
  readonly moments: { readonly first: Float32Array; readonly second: Float32Array };
}

/** The optimiser of a network, whose prior learns at `priorFactor` times the flow's rate. */
export function ginOptimiser(network: GinNetwork, priorFactor: number): Adam {
  const { engine, parameters, priorOffset, priorParameters } = network;
  const flow = { offset: 0, factor: 1 };
  const prior = { offset: priorOffset, factor: priorFactor };
  return new Adam(engine, parameters, priorParameters > 0 ? [flow, prior] : [flow]);
}

/** Trains a network within its engine's team of one, or as the member of a larger one. */
export function trainMember(
  network: GinNetwork,
  adam: Adam,
  job: TrainingJob,
  hooks: TrainingHooks = {},
): Promise<TrainingState> {
  const { training, heldOut, noise, options, state, statistics } = job;
  const task = ginTask(network, training, heldOut, { noise, seed: options.seed, statistics });
  return train(network.engine, task, adam, options, state, hooks);
}

/**
 * Trains a network on `threads` threads: this one and workers with copies of their own. Throws FailureError when
 * a worker fails, after a checkpoint of the last whole step. A profiler measures this thread.
 */
export async function trainOnThreads(
  network: GinNetwork,
  adam: Adam,
  asked: Omit<TrainingJob, "statistics">,
  threads: number,
  hooks: TrainingHooks,
  profiler?: Profiler,
): Promise<TrainingState> {
  const isEmpirical = network.prior instanceof EmpiricalGaussian;
  const statistics = isEmpirical ? statisticsSamples(network, asked.training) : undefined;
  const job: TrainingJob = { ...asked, statistics };
  profiler?.attach(network.engine, threads);
  try {
    return await (threads === 1
      ? trainMember(network, adam, job, hooks)
      : trainAsTeam(network, adam, job, threads, hooks, profiler));
  } finally {
    profiler?.detach();
  }
}

async function trainAsTeam(
  network: GinNetwork,
  adam: Adam,
  job: TrainingJob,
  threads: number,
  hooks: TrainingHooks,
  profiler: Profiler | undefined,
): Promise<TrainingState> {
  const { engine, parameters, prior } = network;
  const solo = engine.team;
  const memory = await createTeamMemory(threads, Math.max(parameters.length, prior.classes * prior.features));
  const workers = startMembers(network, adam, job, memory);
  try {
    await allReady(memory, workers);
    engine.join(profiler?.member(memory, 0) ?? new ThreadTeam(memory, 0));
    return await trainMember(network, adam, job, hooks);
  } catch (error) {
    throw error instanceof TeamBroken ? await explain(error, workers) : error;
  } finally {
    engine.join(solo);
    for (const worker of workers) worker.terminate();
  }
}

function startMembers(
  network: GinNetwork,
  adam: Adam,
  job: TrainingJob,
  team: TeamMemory,
): readonly WorkerHandle[] {
  const moments = adam.moments();
  const jobs = Array.from({ length: team.size - 1 }, (_, index): MemberJob => {
    return { ...job, kind: "member", team, rank: index + 1, moments };
  });
  const workers = startWorkers(network, jobs);
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

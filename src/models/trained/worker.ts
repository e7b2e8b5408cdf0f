import { ThreadTeam } from "../../engine/thread-team.js";
import { Diverged, TrainingCancelled } from "../../nn/train.js";
import { currentPlatform } from "../../platform/current.js";
import type { NetworkDescription, TrainedNetwork } from "./network.js";
import { type HelperJob, help } from "./passes.js";
import { type MemberJob, type Trainer, trainMember } from "./training.js";
import type { NetworkToBuild } from "./workers.js";

/** What the worker threads of a method need of it. */
export interface Serving<D extends NetworkDescription, N extends TrainedNetwork<D>, S> {
  /** A network whose tensors are still to be restored. */
  readonly create: (description: D) => Promise<N>;
  readonly trainer: Trainer<N, S>;
}

/** The life of a worker thread: builds a network, and trains it in step with a team or helps with a pass. */
export async function serve<D extends NetworkDescription, N extends TrainedNetwork<D>, S>(
  serving: Serving<D, N, S>,
): Promise<void> {
  const platform = await currentPlatform();
  const job = (await platform.receiveJob()) as (MemberJob<S> | HelperJob) & NetworkToBuild<D>;
  if (job.kind === "member") await beMember(serving, job);
  else help(await open(serving, job), job);
}

async function open<D extends NetworkDescription, N extends TrainedNetwork<D>, S>(
  { create }: Serving<D, N, S>,
  { description, tensors }: NetworkToBuild<D>,
): Promise<N> {
  const network = await create(description);
  if (tensors) network.restore(tensors, "worker");
  return network;
}

async function beMember<D extends NetworkDescription, N extends TrainedNetwork<D>, S>(
  serving: Serving<D, N, S>,
  job: MemberJob<S> & NetworkToBuild<D>,
): Promise<void> {
  const team = new ThreadTeam(job.team, job.rank);
  try {
    const network = await open(serving, job);
    network.engine.join(team);
    const adam = team.sharesModel ? undefined : serving.trainer.optimiser(network, job.settings);
    if (job.moments) adam?.restore(job.state.step, job.moments);
    team.ready();
    await trainMember(serving.trainer, network, adam, job);
  } catch (error) {
    // All members see cancellation at the same step, and divergence of their copies; anything else is this one's alone.
    if (!(error instanceof Diverged || error instanceof TrainingCancelled)) {
      team.fail();
      throw error;
    }
  }
}

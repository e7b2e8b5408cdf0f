// A worker thread: builds its copy of a network, and trains in step with a team or helps with a pass over samples.

import { ThreadTeam } from "../../engine/thread-team.js";
import { FailureError } from "../../errors.js";
import { TrainingCancelled } from "../../nn/train.js";
import { currentPlatform } from "../../platform/current.js";
import { restoreTensors } from "./file.js";
import { GinNetwork } from "./network.js";
import { type HelperJob, help } from "./passes.js";
import { ginOptimiser, type MemberJob, trainMember } from "./training.js";
import type { NetworkCopy } from "./workers.js";

const platform = await currentPlatform();
const job = (await platform.receiveJob()) as (MemberJob | HelperJob) & NetworkCopy;
if (job.kind === "member") await beMember(job);
else help(await openCopy(job), job);

async function openCopy({ description, tensors }: NetworkCopy): Promise<GinNetwork> {
  const network = await GinNetwork.create(description, { initialise: false });
  restoreTensors(network, tensors, "worker");
  return network;
}

async function beMember(job: MemberJob & NetworkCopy): Promise<void> {
  const team = new ThreadTeam(job.team, job.rank);
  try {
    const network = await openCopy(job);
    network.engine.join(team);
    const adam = ginOptimiser(network, job.priorFactor);
    adam.restore(job.state.step, job.moments);
    team.ready();
    await trainMember(network, adam, job);
  } catch (error) {
    // All members see divergence and cancellation at the same step; anything else is this one's alone.
    if (!(error instanceof FailureError || error instanceof TrainingCancelled)) {
      team.fail();
      throw error;
    }
  }
}

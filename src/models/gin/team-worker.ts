// A worker of a training team: builds its copy of the network and trains in step with the others.

import { ThreadTeam } from "../../engine/thread-team.js";
import { FailureError } from "../../errors.js";
import { TrainingCancelled } from "../../nn/train.js";
import { currentPlatform } from "../../platform/current.js";
import { restoreTensors } from "./file.js";
import { GinNetwork } from "./network.js";
import { ginOptimiser, type MemberJob, trainMember } from "./training.js";

const platform = await currentPlatform();
const job = (await platform.receiveJob()) as MemberJob;
const team = new ThreadTeam(job.team, job.rank);
try {
  const network = await GinNetwork.create(job.description);
  restoreTensors(network, job.tensors, "team");
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

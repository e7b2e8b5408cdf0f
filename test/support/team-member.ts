// A thread that takes part in what the test of shares has a team do.

import { parentPort, workerData } from "node:worker_threads";
import type { TeamMemory } from "../../src/engine/team-memory.js";
import { ThreadTeam } from "../../src/engine/thread-team.js";
import { type ShareWork, sumAllShares } from "./share-work.js";

const { memory, rank, work } = workerData as { memory: TeamMemory; rank: number; work: ShareWork };
const team = new ThreadTeam(memory, rank);
team.ready();
parentPort?.postMessage(sumAllShares(team, work));

// This project beside PyTorch on the same machine, in one run, alternating: medians and their ratio.
//   npm run bench [-- --rounds 5] [--out docs/results/speed.json]

import { mkdir } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { writeFileAtomic } from "../src/data/index.js";
import { Peer, type PeerRequest } from "./peer.js";
import { imageLoad, type StepLoad, timeSteps, vectorLoad } from "./steps.js";

interface Work {
  readonly name: string;
  readonly ours: StepLoad;
  /** Stretches of ten steps a round. */
  readonly epochs: number;
  /** The peer's best of these is what counts. */
  readonly peers: readonly PeerRequest[];
}

const vectorPeer = (threads: number): PeerRequest => ({ work: "vector-step", threads, steps: 60 });
const imagePeer = (threads: number): PeerRequest => ({ work: "image-step", threads, steps: 4 });

const works: readonly Work[] = [
  {
    name: "training step, 10-d GIN, batch 1000, 1 thread, against PyTorch's best",
    ours: vectorLoad(1),
    epochs: 20,
    peers: [vectorPeer(1), vectorPeer(2)],
  },
  { name: "the same, 2 threads", ours: vectorLoad(2), epochs: 20, peers: [vectorPeer(1), vectorPeer(2)] },
  {
    name: "training step, image GIN, batch 240, 1 thread, against PyTorch's 1 thread",
    ours: imageLoad(1),
    epochs: 1,
    peers: [imagePeer(1)],
  },
  {
    name: "the same, 2 threads, against PyTorch's best",
    ours: imageLoad(2),
    epochs: 1,
    peers: [imagePeer(1), imagePeer(2)],
  },
];

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, out: { type: "string" } },
});
const rounds = Number(values.rounds);

const peer = await Peer.start();
if (!peer)
  console.log("PyTorch was not found (Debian: apt install python3-torch): only our column is measured.");
const rows: { work: string; ours: number; peer: number | null; ratio: number | null }[] = [];
let torch: string | null = null;
for (const work of works) {
  const ours: number[] = [];
  const theirs = work.peers.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    ours.push(median(await timeSteps(work.ours, work.epochs)));
    for (const [index, request] of work.peers.entries()) {
      const answer = await peer?.ask(request);
      // The first steps of a process warm up.
      if (answer) theirs[index].push(median(answer.seconds.slice(Math.ceil(answer.seconds.length / 4))));
      torch = answer?.torch ?? torch;
    }
  }
  const best = peer ? Math.min(...theirs.map(median)) : null;
  const row = { work: work.name, ours: median(ours), peer: best, ratio: best && best / median(ours) };
  rows.push(row);
  console.log(
    `${work.name}: ${milliseconds(row.ours)}` +
      (row.peer && row.ratio ? `, PyTorch ${milliseconds(row.peer)}, ratio ${row.ratio.toFixed(1)}` : ""),
  );
}
peer?.stop();

if (values.out) {
  const machine = `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}`;
  const date = new Date().toISOString().slice(0, 10);
  await mkdir(dirname(values.out), { recursive: true });
  await writeFileAtomic(values.out, `${JSON.stringify({ date, machine, torch, rounds, rows }, null, 1)}\n`);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

function milliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(seconds < 0.01 ? 2 : 0)} ms`;
}

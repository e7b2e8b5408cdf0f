// Two threads against one while another process keeps a core busy.
//   node dist/bench/contention.js [--rounds 5]

import { spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { loadAverage } from "./machine.js";
import type { BenchRequest } from "./requests.js";
import { Side } from "./side.js";
import { type Spread, spread } from "./statistics.js";

export interface Contention {
  readonly work: string;
  readonly oneThread: Spread;
  readonly twoThreads: Spread;
  /** Of the medians, two threads' over one's. */
  readonly ratio: number;
  /** What the ratio must not exceed. */
  readonly most: number;
  readonly load: readonly [number, number];
}

const WORKS = [
  { work: "training step, 10-d GIN", kind: "vector-step", warmSeconds: 1.5, seconds: 2 },
  { work: "training step, image GIN", kind: "image-step", warmSeconds: 3, seconds: 5 },
] as const;

/** Steps on one and on two threads in turns, while a process of its own keeps a core busy. */
export async function contention(rounds: number): Promise<Contention[]> {
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  const side = Side.start("relaxed");
  try {
    const results: Contention[] = [];
    for (const { work, kind, warmSeconds, seconds } of WORKS) {
      const before = loadAverage();
      const times: Record<1 | 2, number[]> = { 1: [], 2: [] };
      for (let round = 0; round < rounds; round++) {
        for (const threads of [1, 2] as const) {
          const request: BenchRequest = { work: kind, threads, warmSeconds, seconds };
          times[threads].push(...(await side.ask(request)).seconds);
        }
      }
      const [oneThread, twoThreads] = [spread(times[1]), spread(times[2])];
      const ratio = twoThreads.median / oneThread.median;
      results.push({ work, oneThread, twoThreads, ratio, most: 1.3, load: [before, loadAverage()] });
    }
    return results;
  } finally {
    side.stop();
    busy.kill();
  }
}

export const contentionText = ({ work, oneThread, twoThreads, ratio, most }: Contention): string =>
  `${work}, a core kept busy by another process: 1 thread ${(1000 * oneThread.median).toFixed(2)} ms, ` +
  `2 threads ${(1000 * twoThreads.median).toFixed(2)} ms, ratio ${ratio.toFixed(2)} (at most ${most})`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" } } });
  for (const result of await contention(Number(values.rounds))) console.log(contentionText(result));
}

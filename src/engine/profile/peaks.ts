import type { KernelBuild } from "../compile-kernels.js";
import { Engine } from "../engine.js";
import { kernelCosts } from "./kernel-costs.js";

/** What one core reaches with 128-bit vectors. */
export interface Peaks {
  /** Multiply-adds that need only registers, two operations each, in GFLOP/s. */
  readonly gigaflops: number;
  /** y += x, in GB/s moved (two reads and a write), on arrays that fit the first-level cache, ... */
  readonly firstLevel: number;
  /** ... the second-level cache, ... */
  readonly secondLevel: number;
  /** ... and no cache. */
  readonly memory: number;
}

/** Bytes of both arrays together: within 32 KiB, within 512 KiB, and beyond most caches. */
const FIRST_LEVEL = 16 * 1024;
const SECOND_LEVEL = 256 * 1024;
const MEMORY = 128 * 1024 * 1024;

const MILLISECONDS = 60;
const ROUNDS = 20_000;
const FEWEST_BYTES = 4 * 1024 * 1024;

/** Measures the peaks of the machine with a build of the kernels; takes half a second and 128 MiB. */
export async function measurePeaks(
  build: KernelBuild,
  clock: () => number = () => performance.now(),
): Promise<Peaks> {
  const engine = await Engine.create({ build });
  const { kernels, arena } = engine;
  const table = arena.allocateZeroed(4);
  const arrays = arena.allocateZeroed(MEMORY);

  /** Of several runs the fastest: other work on the machine only ever adds. */
  const fastest = (run: () => void): number => {
    run();
    let best = Number.POSITIVE_INFINITY;
    for (const start = clock(); clock() - start < MILLISECONDS; ) {
      const before = clock();
      run();
      best = Math.min(best, clock() - before);
    }
    return best;
  };
  const costs = kernelCosts();
  const bandwidth = (bytes: number): number => {
    const floats = bytes / 8;
    const add = [arrays, 0, arrays + bytes / 2, 0, table, 1, 1, floats, floats, 1] as const;
    // Many passes over what is small, so that the clock's resolution does not matter.
    const passes = Math.max(1, Math.floor(FEWEST_BYTES / bytes));
    const milliseconds = fastest(() => {
      for (let pass = 0; pass < passes; pass++) kernels.permute(...add);
    });
    return (passes * costs.permute(...add).bytes) / milliseconds / 1e6;
  };

  const multiply = [ROUNDS, 0.5, 1] as const;
  const milliseconds = fastest(() => kernels.multiplyAdds(...multiply));
  return {
    gigaflops: costs.multiplyAdds(...multiply).flops / milliseconds / 1e6,
    firstLevel: bandwidth(FIRST_LEVEL),
    secondLevel: bandwidth(SECOND_LEVEL),
    memory: bandwidth(MEMORY),
  };
}

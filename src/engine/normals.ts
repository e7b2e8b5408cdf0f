import type { Engine } from "./engine.js";
import { randomKey } from "./random.js";

/**
 * Standard normal numbers, as many lists of them as one likes: the numbers from place `first` of the list `list`, both
 * from 0 to 2^32 - 1. They are valid until the next are asked for.
 */
export type Normals = (list: number, first: number, count: number) => Float32Array;

const GROUP = 8;

/** The numbers of a seed and a purpose, drawn by a kernel in memory that is released at once. */
export function engineNormals({ arena, kernels, memory }: Engine, seed: number, purpose: string): Normals {
  const { key0, key1 } = randomKey(seed, purpose);
  return (list, first, count) => {
    const skipped = first % GROUP;
    const length = GROUP * Math.ceil((skipped + count) / GROUP);
    const mark = arena.mark();
    const pointer = arena.allocate(4 * length);
    kernels.fillZero(pointer, length);
    kernels.addNormal(pointer, length, key0, key1, list, first - skipped, 1);
    arena.release(mark);
    return memory.floats(pointer, length).subarray(skipped, skipped + count);
  };
}

import type { KernelBuild } from "../../src/engine/compile-kernels.js";
import type { Engine } from "../../src/engine/engine.js";

export const BUILDS: readonly KernelBuild[] = ["plain", "relaxed"];

/** Copies floats into kernel memory and returns their address. */
export function put({ arena, memory }: Engine, values: ArrayLike<number>): number {
  const pointer = arena.allocate(4 * values.length);
  memory.floats(pointer, values.length).set(values);
  return pointer;
}

/** Copies 32-bit integers into kernel memory and returns their address. */
export function putIntegers({ arena, memory }: Engine, values: ArrayLike<number>): number {
  const pointer = arena.allocate(4 * values.length);
  memory.integers(pointer, values.length).set(values);
  return pointer;
}

/** Copies doubles into kernel memory and returns their address. */
export function putDoubles({ arena, memory }: Engine, values: ArrayLike<number>): number {
  const pointer = arena.allocate(8 * values.length);
  new Float64Array(memory.buffer.buffer, pointer, values.length).set(values);
  return pointer;
}

/** A copy of floats in kernel memory. */
export const take = ({ memory }: Engine, pointer: number, length: number): Float32Array =>
  memory.floats(pointer, length).slice();

/** Fills the free memory with NaN, so that whatever reads what nobody has written shows. */
export function poison({ arena, memory }: Engine, bytes = 1 << 22): void {
  const mark = arena.mark();
  memory.floats(arena.allocate(bytes), bytes / 4).fill(Number.NaN);
  arena.release(mark);
}

/** Feature-major rows in kernel memory: row f starts at pointer + 4 f stride. */
export interface Rows {
  readonly pointer: number;
  readonly features: number;
  readonly samples: number;
  /** Samples rounded up to 8. */
  readonly padded: number;
  readonly stride: number;
}

/**
 * Rows from values [feature][sample], a little further apart than they need be. The lanes up to the padded batch
 * hold `spare`, the memory between rows NaN.
 */
export function putRows(
  engine: Engine,
  values: ArrayLike<number>,
  features: number,
  samples: number,
  spare = 0,
): Rows {
  const padded = 8 * Math.ceil(samples / 8);
  const stride = padded + 8;
  const pointer = engine.arena.allocate(4 * features * stride);
  const floats = engine.memory.floats(pointer, features * stride).fill(Number.NaN);
  for (let f = 0; f < features; f++) {
    floats.fill(spare, f * stride, f * stride + padded);
    for (let b = 0; b < samples; b++) floats[f * stride + b] = values[f * samples + b];
  }
  return { pointer, features, samples, padded, stride };
}

/** Values [feature][sample] of rows. */
export function takeRows(engine: Engine, { pointer, features, samples, stride }: Rows): Float32Array {
  const floats = engine.memory.floats(pointer, features * stride);
  return Float32Array.from(
    { length: features * samples },
    (_, i) => floats[Math.floor(i / samples) * stride + (i % samples)],
  );
}

/** Whether the memory between the rows is as it was. */
export function gapsUntouched(engine: Engine, { pointer, features, padded, stride }: Rows): boolean {
  const floats = engine.memory.floats(pointer, features * stride);
  return floats.every((value, i) => i % stride < padded || Number.isNaN(value));
}

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SampleMatrix } from "../../src/analysis/sample-matrix.js";
import { decodeNpz } from "../../src/data/npz.js";
import { InputError } from "../../src/errors.js";

/** A matrix as the fixtures store it. */
export interface StoredMatrix {
  readonly values: readonly number[];
  readonly samples: number;
  readonly width: number;
}

/** A JSON file of test/analysis/fixtures. */
export function fixture<T>(name: string): T {
  return JSON.parse(fixtureBytes(`${name}.json`).toString("utf8")) as T;
}

/** The arrays of an npz file of test/analysis/fixtures, by name. */
export function fixtureArrays(name: string): (array: string) => Float64Array {
  const arrays = decodeNpz(fixtureBytes(`${name}.npz`), name);
  return (array) => {
    const found = arrays.get(array);
    assert.ok(found, `no array ${array} in ${name}.npz`);
    return Float64Array.from(found.data, Number);
  };
}

/** The fixtures stay in the source tree when the tests are compiled. */
function fixtureBytes(file: string): Buffer {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return readFileSync(join(folder, "test/analysis/fixtures", file));
}

export function toMatrix({ values, samples, width }: StoredMatrix): SampleMatrix {
  return { values: Float32Array.from(values), samples, width };
}

export function matrixOf(rows: readonly (readonly number[])[]): SampleMatrix {
  return { values: Float32Array.from(rows.flat()), samples: rows.length, width: rows[0].length };
}

export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let k = 0; k < expected.length; k++) {
    assert.ok(
      Math.abs(actual[k] - expected[k]) <= tolerance,
      `at ${k}: got ${actual[k]}, expected ${expected[k]}`,
    );
  }
}

export function assertInputError(call: () => unknown, message: RegExp): void {
  assert.throws(call, (error: unknown) => error instanceof InputError && message.test(error.message));
}

/** A deterministic standard normal generator (Box-Muller over a 32-bit linear congruence). */
export function normalGenerator(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

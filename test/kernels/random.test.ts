import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { type RandomKey, randomKey, threefry } from "../../src/engine/random.js";
import { BUILDS, put, take } from "../support/kernel-memory.js";
import { normals } from "../support/numbers.js";

const KEYS: readonly RandomKey[] = [
  randomKey(1, "noise"),
  { key0: 0, key1: 0 },
  { key0: 0xffffffff, key1: 0x80000000 },
];

/** A uniform number in (0, 1): the upper 23 bits, centred in their interval. */
const uniform = (bits: number): number => ((bits >>> 9) + 0.5) / 2 ** 23;

/** Box and Muller in double precision: 8 normals from 4 counters, first the cosines, then the sines. */
function boxMuller(key: RandomKey, stream: number, index: number): number {
  const lane = index % 8;
  const [x, y] = threefry(key, 4 * Math.floor(index / 8) + (lane % 4), stream);
  const radius = Math.sqrt(-2 * Math.log(uniform(x)));
  return radius * (lane < 4 ? Math.cos : Math.sin)(2 * Math.PI * uniform(y));
}

/** Kernel normals first .. first + length - 1, times sigma. */
async function normalsOf(
  build: (typeof BUILDS)[number],
  length: number,
  { key = KEYS[0], stream = 0, first = 0, sigma = 1, on = new Float32Array(length) as Float32Array } = {},
): Promise<Float32Array> {
  const engine = await Engine.create({ build });
  const at = put(engine, on);
  engine.kernels.addNormal(at, length, key.key0, key.key1, stream, first, sigma);
  return take(engine, at, length);
}

for (const build of BUILDS) {
  describe(`normal noise, ${build} build`, () => {
    test("agrees with Box and Muller on Threefry's words in double precision", async () => {
      for (const key of KEYS) {
        for (const [stream, first] of [
          [0, 0],
          [7, 80],
          [0xffffffff, 2 ** 32 - 800],
        ]) {
          const found = await normalsOf(build, 800, { key, stream, first });
          found.forEach((value, i) => {
            const expected = boxMuller(key, stream, first + i);
            assert.ok(Math.abs(value - expected) <= 1e-5, `${value} at ${i}, expected ${expected}`);
          });
        }
      }
    });

    test("is added, times sigma, to what is there", async () => {
      const on = normals(64, 1);
      const noise = await normalsOf(build, 64);
      const sum = await normalsOf(build, 64, { on, sigma: 0.25 });
      sum.forEach((value, i) => {
        assert.ok(Math.abs(value - (on[i] + 0.25 * noise[i])) <= 1e-6);
      });
    });

    test("does not depend on how it is sliced", async () => {
      const whole = await normalsOf(build, 240, { stream: 3 });
      for (const [first, length] of [
        [0, 8],
        [8, 104],
        [112, 128],
      ]) {
        const part = await normalsOf(build, length, { stream: 3, first });
        assert.deepEqual(part, whole.subarray(first, first + length));
      }
    });

    test("differs between streams, keys and seeds", async () => {
      const seen = new Set<number>();
      const keys = [...KEYS, randomKey(2, "noise"), randomKey(1, "shuffle")];
      for (const key of keys) {
        for (const stream of [0, 1]) seen.add((await normalsOf(build, 8, { key, stream }))[0]);
      }
      assert.equal(seen.size, 2 * keys.length);
    });

    test("a million have mean 0, variance 1, skewness 0 and kurtosis 3, neighbours are uncorrelated", async () => {
      const count = 1_000_000;
      const values = await normalsOf(build, count);
      const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
      // mean of a power, its expectation and variance
      for (const [power, expectation, variance] of [
        [1, 0, 1],
        [2, 1, 2],
        [3, 0, 15],
        [4, 3, 96],
      ]) {
        const error = Math.abs(moment(power) - expectation);
        assert.ok(error <= 5 * Math.sqrt(variance / count), `moment ${power} is off by ${error}`);
      }
      for (const lag of [1, 4, 8]) {
        let sum = 0;
        for (let i = lag; i < count; i++) sum += values[i] * values[i - lag];
        assert.ok(Math.abs(sum) <= 5 * Math.sqrt(count), `covariance at lag ${lag}`);
      }
    });
  });
}

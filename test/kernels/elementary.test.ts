import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { compileElementary, type Elementary, type ElementaryName } from "../support/elementary.js";
import { BUILDS } from "../support/kernel-memory.js";

const COUNT = 400_000;

/** Float32 numbers spread evenly over [from, to], both included. */
const between = (from: number, to: number) =>
  Float32Array.from({ length: COUNT }, (_, i) => from + ((to - from) * i) / (COUNT - 1));

/** Positive normal float32 numbers, spread evenly over their bits. */
const allPositive = () => {
  const bits = Uint32Array.from({ length: COUNT }, (_, i) => {
    return 0x00800000 + Math.floor(((0x7f7fffff - 0x00800000) * i) / (COUNT - 1));
  });
  return new Float32Array(bits.buffer);
};

function largest(values: Float32Array, f: Elementary, error: (found: number, x: number) => number): number {
  const found = f(values);
  return values.reduce((worst, x, i) => Math.max(worst, error(found[i], x)), 0);
}

for (const build of BUILDS) {
  describe(`elementary functions, ${build} build`, () => {
    let functions: Record<ElementaryName, Elementary>;
    before(async () => {
      functions = await compileElementary(build);
    });

    test("exp has a relative error below 3e-7 on [-87, 88]", () => {
      const error = (found: number, x: number) => Math.abs(found / Math.exp(x) - 1);
      assert.ok(largest(between(-87, 88), functions.exp, error) < 3e-7);
      assert.ok(largest(between(-1e-3, 1e-3), functions.exp, error) < 3e-7);
      assert.equal(functions.exp(Float32Array.of(0))[0], 1);
    });

    test("exp is clamped beyond: finite, positive, and rising no further", () => {
      const [low, lower, high, higher] = functions.exp(Float32Array.of(-88, -1000, 89, 1000));
      assert.ok(low > 0 && low === lower && low < 1.2e-38);
      assert.ok(Number.isFinite(high) && high === higher && high > 2e38);
    });

    test("log has an absolute error below 2e-7 max(1, |log x|) for normal x", () => {
      const error = (found: number, x: number) =>
        Math.abs(found - Math.log(x)) / Math.max(1, Math.abs(Math.log(x)));
      assert.ok(largest(allPositive(), functions.log, error) < 2e-7);
      assert.ok(largest(between(0.5, 2), functions.log, error) < 2e-7);
      assert.equal(functions.log(Float32Array.of(1))[0], 0);
    });

    test("log is never positive below 1, so that Box and Muller's radius is real", () => {
      const belowOne = Float32Array.from({ length: 10_000 }, (_, i) => 1 - (i + 1) * 2 ** -24);
      assert.ok(functions.log(belowOne).every((value) => value < 0));
    });

    test("tanh has an absolute error below 4e-7 and lies in [-1, 1]", () => {
      const error = (found: number, x: number) => Math.abs(found - Math.tanh(x));
      assert.ok(largest(between(-20, 20), functions.tanh, error) < 4e-7);
      assert.ok(largest(between(-0.1, 0.1), functions.tanh, error) < 4e-7);
      const far = functions.tanh(Float32Array.of(0, 50, -50, 3e38, -3e38));
      assert.deepEqual(Array.from(far), [0, 1, -1, 1, -1]);
      const all = functions.tanh(between(-20, 20));
      assert.ok(all.every((value) => Math.abs(value) <= 1));
    });

    test("cos(2 pi u) has an absolute error below 3e-7 on [0, 1)", () => {
      const error = (found: number, u: number) => Math.abs(found - Math.cos(2 * Math.PI * u));
      const turns = between(0, 1).subarray(0, COUNT - 1);
      assert.ok(largest(turns, functions.cosTurn, error) < 3e-7);
      const quarters = functions.cosTurn(Float32Array.of(0, 0.25, 0.5, 0.75));
      assert.deepEqual(Array.from(quarters, Math.abs), [1, 0, 1, 0]);
    });

    test("what is not a number stays so", () => {
      for (const name of ["exp", "tanh"] as const) {
        assert.ok(Number.isNaN(functions[name](Float32Array.of(Number.NaN))[0]), name);
      }
    });
  });
}

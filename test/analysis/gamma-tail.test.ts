import assert from "node:assert/strict";
import { test } from "node:test";
import { chiSquareTail, gammaTail, logGamma } from "../../src/analysis/gamma-tail.js";
import { InputError } from "../../src/errors.js";
import { fixture } from "./support.js";

interface Case {
  readonly shape: number;
  readonly x: number;
  readonly tail: number;
  readonly logGamma: number;
}

test("gamma tails agree with SciPy, also far out", () => {
  for (const { shape, x, tail, logGamma: expected } of fixture<{ cases: readonly Case[] }>("gamma-tail")
    .cases) {
    const found = gammaTail(shape, x);
    // Far out, the error is that of the logarithm, some 1e-16 of shape * log(shape).
    const bound = 1e-12 + 1e-15 * shape * Math.log(shape + 2);
    if (tail < 1e-300) assert.ok(found < 1e-290, `shape ${shape}, x ${x}`);
    else
      assert.ok(
        Math.abs(found / tail - 1) < Math.max(bound, 1e-13 / tail) ||
          Math.abs(found - tail) < 1e-16 + bound * tail,
        `shape ${shape}, x ${x}: ${found}, expected ${tail}`,
      );
    assert.ok(Math.abs(logGamma(shape) - expected) <= 1e-13 * Math.max(1, Math.abs(expected)));
  }
});

test("closed forms: an exponential tail, and chi-square with two degrees", () => {
  for (const x of [0.1, 1, 5, 30]) {
    assert.ok(Math.abs(gammaTail(1, x) - Math.exp(-x)) < 1e-15);
    assert.ok(Math.abs(chiSquareTail(2, x) - Math.exp(-x / 2)) < 1e-15);
  }
  assert.deepEqual([gammaTail(3, 0), gammaTail(3, Number.POSITIVE_INFINITY)], [1, 0]);
  assert.throws(() => gammaTail(0, 1), InputError);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { hsic, hsicTest } from "../../../src/analysis/index.js";
import { Random } from "../../../src/engine/random.js";
import { InputError } from "../../../src/errors.js";
import { fixture } from "../support.js";

interface Case {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly conditions: readonly number[];
  readonly hsic: number;
  readonly statistic: number;
  readonly mean: number;
  readonly variance: number;
  readonly p: number;
}

const near = (found: number, expected: number, bound: number, what: string) =>
  assert.ok(
    Math.abs(found - expected) <= bound * Math.abs(expected),
    `${what}: ${found}, expected ${expected}`,
  );

for (const { name, x, y, conditions, ...expected } of fixture<{ cases: readonly Case[] }>("hsic").cases) {
  test(`HSIC and its gamma approximation agree with NumPy: ${name}`, () => {
    const found = hsicTest(x, y, { conditions });
    for (const quantity of ["hsic", "statistic", "mean", "variance"] as const) {
      near(found[quantity], expected[quantity], 1e-10, quantity);
    }
    near(found.p, expected.p, 1e-8, "p");
  });
}

test("closed form: two samples of each have (1 - k)(1 - l) / 4 with k = l = exp(-1/2)", () => {
  near(hsic([0, 3], [1, -7]), (1 - Math.exp(-0.5)) ** 2 / 4, 1e-14, "HSIC");
});

test("closed form: two equally frequent values, the same in x and y, then crossed", () => {
  // Of the pairs with a distance other than 0, all have the same: k = exp(-1/2); K - 1 centred is (1 - k) / 2 times signs.
  const x = [0, 0, 0, 0, 1, 1, 1, 1];
  near(hsic(x, x), ((1 - Math.exp(-0.5)) / 2) ** 2, 1e-14, "equal");
  assert.ok(Math.abs(hsic(x, [0, 0, 1, 1, 0, 0, 1, 1])) < 1e-17);
});

test("a constant is independent of everything", () => {
  const random = new Random(1, "tests");
  const x = Array.from({ length: 20 }, () => random.normal());
  const found = hsicTest(x, new Array(20).fill(4), { permutations: 19 });
  assert.deepEqual([found.p, found.pPermutation], [1, 1]);
  assert.ok(Math.abs(found.statistic) < 1e-12);
});

test("shift, scale and exchange change nothing", () => {
  const random = new Random(2, "tests");
  const x = Array.from({ length: 40 }, () => random.normal());
  const y = x.map((value) => Math.sin(2 * value) + 0.3 * random.normal());
  const { p } = hsicTest(x, y);
  near(hsicTest(y, x).p, p, 1e-9, "exchanged");
  near(
    hsicTest(
      x.map((value) => 1000 * value - 3),
      y.map((value) => -0.01 * value),
    ).p,
    p,
    1e-6,
    "rescaled",
  );
});

test("under independence p is uniform, by gamma and by permutations, and the two agree", () => {
  const [trials, samples, level] = [200, 40, 0.1];
  let [gamma, permutation] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const random = new Random(trial, "independent");
    const draw = () => Array.from({ length: samples }, () => random.normal());
    const conditions = Array.from({ length: samples }, (_, n) => n % 2);
    const found = hsicTest(draw(), draw(), { conditions, permutations: 99, seed: trial });
    if (found.p < level) gamma++;
    if ((found.pPermutation ?? 0) <= level) permutation++;
    assert.ok(Math.abs(found.p - (found.pPermutation ?? 0)) < 0.25);
  }
  const error = Math.sqrt(trials * level * (1 - level));
  for (const count of [gamma, permutation])
    assert.ok(Math.abs(count - trials * level) < 4 * error, `${count}`);
});

test("variables that both follow the condition are dependent, but not given the condition", () => {
  const random = new Random(3, "tests");
  const conditions = Array.from({ length: 200 }, (_, n) => n % 4);
  const [x, y] = [1, 2].map((scale) => conditions.map((u) => scale * u + random.normal()));
  assert.ok(hsicTest(x, y).p < 1e-4);
  assert.ok(hsicTest(x, y, { conditions }).p > 0.01);
});

test("what cannot be tested is refused", () => {
  const refused = (make: () => unknown, says: RegExp) =>
    assert.throws(make, (error: unknown) => error instanceof InputError && says.test(error.message));
  refused(() => hsicTest([1, 2], [1, 2, 3]), /equally many values; got 2, 3/);
  refused(() => hsicTest([1, 2, 3], [3, 1, 2]), /needs 6 samples in some condition; got 3/);
  refused(() => hsicTest([1, 2, 3, 4, 5, Number.NaN], [1, 2, 3, 4, 5, 6]), /found NaN and 6 in row 5/);
});

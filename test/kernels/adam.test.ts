import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { BUILDS, put, take } from "../support/kernel-memory.js";
import { assertWithin, normals } from "../support/numbers.js";

const [B1, B2, RATE] = [0.9, 0.999, 1e-2];
// At the usual 1e-8 the first steps are +-RATE by the sign of the gradient, whatever its rounding.
const EPSILON = 1e-3;

function adamStep(
  engine: Engine,
  at: readonly number[],
  length: number,
  step: number,
  epsilon: number,
  scale = 1,
) {
  const [values, gradients, m, v] = at;
  engine.kernels.adam(
    values,
    gradients,
    m,
    v,
    length,
    scale,
    RATE / (1 - B1 ** step),
    1 / Math.sqrt(1 - B2 ** step),
    B1,
    B2,
    epsilon,
  );
}

for (const build of BUILDS) {
  describe(`Adam, ${build} build`, () => {
    for (const length of [8, 104]) {
      test(`${length} values take the steps of Kingma and Ba's algorithm 1`, async () => {
        const engine = await Engine.create({ build });
        const start = normals(length, 1);
        const values = Float64Array.from(start);
        const [m, v] = [new Float64Array(length), new Float64Array(length)];
        const at = [put(engine, start), put(engine, m), put(engine, m), put(engine, v)];
        const clipped = 0.5;
        for (let step = 1; step <= 20; step++) {
          const gradients = normals(length, 100 + step);
          engine.memory.floats(at[1], length).set(gradients);
          adamStep(engine, at, length, step, EPSILON, clipped);
          gradients.forEach((gradient, i) => {
            const g = clipped * gradient;
            m[i] = B1 * m[i] + (1 - B1) * g;
            v[i] = B2 * v[i] + (1 - B2) * g * g;
            const [mHat, vHat] = [m[i] / (1 - B1 ** step), v[i] / (1 - B2 ** step)];
            values[i] -= (RATE * mHat) / (Math.sqrt(vHat) + EPSILON);
          });
        }
        assertWithin(1e-6, take(engine, at[0], length), values, "values");
        assertWithin(2e-6, take(engine, at[2], length), m, "first moments");
        // 1 - beta2 is rounded to float32: 1e-3 has an error of 5e-5 of a thousandth.
        assertWithin(5e-5, take(engine, at[3], length), v, "second moments");
      });
    }

    test("a value without a gradient stays, bit for bit", async () => {
      const engine = await Engine.create({ build });
      const start = normals(8, 1);
      const zero = new Float32Array(8);
      const at = [put(engine, start), put(engine, zero), put(engine, zero), put(engine, zero)];
      for (let step = 1; step <= 3; step++) adamStep(engine, at, 8, step, 1e-8);
      assert.deepEqual(take(engine, at[0], 8), start);
    });

    test("moments that would become denormal become zero", async () => {
      const engine = await Engine.create({ build });
      const zero = new Float32Array(8);
      const small = new Float32Array(8).fill(1.05e-30);
      const at = [
        put(engine, zero),
        put(engine, zero),
        put(
          engine,
          small.map((x) => -x),
        ),
        put(engine, small),
      ];
      adamStep(engine, at, 8, 1, 1e-8);
      assert.deepEqual(take(engine, at[2], 8), zero);
      for (let step = 2; step <= 60; step++) adamStep(engine, at, 8, step, 1e-8);
      assert.deepEqual(take(engine, at[3], 8), zero);
    });

    test("the squared norm is summed in double precision", async () => {
      const engine = await Engine.create({ build });
      const values = normals(10_000, 1);
      values[0] = 1e4;
      const expected = values.reduce((sum, value) => sum + value * value, 0);
      const found = engine.kernels.squaredNorm(put(engine, values), values.length);
      assert.ok(Math.abs(found - expected) <= 1e-13 * expected);
    });

    test("addTo adds its floats and touches no other", async () => {
      const engine = await Engine.create({ build });
      const [a, b] = [normals(40, 1), normals(40, 2)];
      const at = put(engine, a);
      engine.kernels.addTo(at + 16, put(engine, b), 32);
      const expected = a.map((value, i) => (i < 4 || i >= 36 ? value : value + b[i - 4]));
      assert.deepEqual(take(engine, at, 40), expected);
    });

    test("fillZero zeroes its floats and no other", async () => {
      const engine = await Engine.create({ build });
      const at = put(engine, new Float32Array(32).fill(7));
      engine.kernels.fillZero(at + 32, 16);
      const expected = Float32Array.from({ length: 32 }, (_, i) => (i < 8 || i >= 24 ? 7 : 0));
      assert.deepEqual(take(engine, at, 32), expected);
    });
  });
}

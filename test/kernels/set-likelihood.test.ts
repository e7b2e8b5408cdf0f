import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { BUILDS, poison, putRows, take, takeRows } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";

const SIZES = [
  { features: 1, sets: 1, members: 2 },
  { features: 3, sets: 5, members: 8 },
  { features: 10, sets: 7, members: 3 },
];

/** sum (w - m)^2 / 2 v + log(v) / 2 with each set's own mean and biased variance, and `floor` added to it. */
function empirical(w: ArrayLike<number>, members: number, floor: number): number {
  let total = 0;
  for (let from = 0; from < w.length; from += members) {
    const set = Array.from({ length: members }, (_, i) => w[from + i]);
    const mean = set.reduce((sum, value) => sum + value, 0) / members;
    const variance = set.reduce((sum, value) => sum + (value - mean) ** 2, 0) / members + floor;
    for (const value of set) total += (value - mean) ** 2 / (2 * variance) + Math.log(variance) / 2;
  }
  return total;
}

/** sum (w - m)^2 / 2 exp(2 s) + s with the means and log standard deviations in h, [2 features][set]. */
function predicted(w: ArrayLike<number>, h: ArrayLike<number>, members: number): number {
  const half = h.length / 2;
  let total = 0;
  for (let i = 0; i < w.length; i++) {
    const set = Math.floor(i / members);
    total += (w[i] - h[set]) ** 2 / (2 * Math.exp(2 * h[half + set])) + h[half + set];
  }
  return total;
}

for (const build of BUILDS) {
  describe(`set-Gaussian likelihood, ${build} build`, () => {
    for (const { features, sets, members } of SIZES) {
      const samples = sets * members;
      const name = `${sets} sets of ${members}, ${features} features`;
      const w = normals(features * samples, 1);
      const h = normals(2 * features * sets, 2).map((value) => value / 2);
      const scale = 1 / 17;

      const prepare = async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        return {
          engine,
          rows: putRows(engine, w, features, samples, 9),
          dw: putRows(engine, w, features, samples, Number.NaN),
          parameters: putRows(engine, h, 2 * features, sets, 9),
          dh: putRows(engine, h, 2 * features, sets, Number.NaN),
        };
      };
      const spareOf = (engine: Engine, rows: ReturnType<typeof putRows>) =>
        takeRows(engine, { ...rows, samples: rows.padded }).filter((_, i) => i % rows.padded >= rows.samples);

      for (const floor of [1e-10, 0.7]) {
        test(`a set's own statistics, differentiated through: ${name}, floor ${floor}`, async () => {
          const { engine, rows, dw } = await prepare();
          const run = (gradient: number) =>
            engine.kernels.setGaussianLoss(
              rows.pointer,
              rows.stride,
              gradient,
              members,
              features,
              sets,
              rows.padded,
              floor,
              scale,
            );
          assertWithin(1e-12, [run(dw.pointer)], [empirical(w, members, floor)], "loss");
          const slopes = centralDifferences((at) => empirical(at, members, floor), w).map((g) => scale * g);
          assertWithin(1e-6, takeRows(engine, dw), slopes, "dw");
          assert.ok(spareOf(engine, dw).every((value) => value === 0));
          const before = take(engine, 0, engine.arena.mark() / 4);
          assertWithin(1e-12, [run(0)], [empirical(w, members, floor)], "loss without gradient");
          const after = take(engine, 0, engine.arena.mark() / 4);
          assert.deepEqual(after.subarray(rows.pointer / 4), before.subarray(rows.pointer / 4));
        });
      }

      test(`predicted statistics and their gradients: ${name}`, async () => {
        const { engine, rows, dw, parameters, dh } = await prepare();
        const run = (gradient: number, parameterGradient: number) =>
          engine.kernels.setPredictedLoss(
            rows.pointer,
            rows.stride,
            gradient,
            parameters.pointer,
            parameters.stride,
            parameterGradient,
            members,
            features,
            sets,
            rows.padded,
            parameters.padded,
            scale,
          );
        const expected = predicted(w, h, members);
        assertWithin(1e-12, [run(dw.pointer, dh.pointer)], [expected], "loss");
        const slopes = centralDifferences((at) => predicted(at, h, members), w).map((g) => scale * g);
        assertWithin(1e-6, takeRows(engine, dw), slopes, "dw");
        const parameterSlopes = centralDifferences((at) => predicted(w, at, members), h);
        assertWithin(
          1e-6,
          takeRows(engine, dh),
          parameterSlopes.map((g) => scale * g),
          "dh",
        );
        assert.ok([...spareOf(engine, dw), ...spareOf(engine, dh)].every((value) => value === 0));
        const before = take(engine, rows.pointer, (engine.arena.mark() - rows.pointer) / 4);
        assertWithin(1e-12, [run(0, 0)], [expected], "loss without gradients");
        assert.deepEqual(take(engine, rows.pointer, before.length), before);
      });
    }

    test("a latent that is constant within a set has a likelihood, and no gradient", async () => {
      const engine = await Engine.create({ build });
      const rows = putRows(engine, [2, 2, 2, 2], 1, 4);
      const dw = putRows(engine, [1, 1, 1, 1], 1, 4);
      const { pointer, stride, padded } = rows;
      const loss = engine.kernels.setGaussianLoss(pointer, stride, dw.pointer, 4, 1, 1, padded, 1e-10, 1);
      assertWithin(1e-12, [loss], [2 * Math.log(1e-10)], "loss");
      assert.deepEqual([...takeRows(engine, dw)], [0, 0, 0, 0]);
    });
  });
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { BUILDS, poison, putIntegers, putRows, takeRows } from "../support/kernel-memory.js";
import { assertWithin, centralDifferences, normals } from "../support/numbers.js";

for (const build of BUILDS) {
  for (const [width, pieces, samples] of [
    [1, 2, 1],
    [3, 2, 13],
    [5, 4, 32],
  ]) {
    test(`${build}: the largest of ${pieces} pieces, ${width} units of ${samples} samples`, async () => {
      const engine = await Engine.create({ build });
      poison(engine);
      const values = normals(width * pieces * samples, 1);
      const largest = (at: ArrayLike<number>) =>
        Float64Array.from({ length: width * samples }, (_, i) =>
          Math.max(...Array.from({ length: pieces }, (_, p) => at[p * width * samples + i])),
        );
      const [x, y] = [
        putRows(engine, values, width * pieces, samples),
        putRows(engine, values, width, samples),
      ];
      engine.kernels.maxout(x.pointer, x.stride, y.pointer, y.stride, pieces, width, x.padded);
      assert.deepEqual(takeRows(engine, y), Float32Array.from(largest(values)));

      const dy = putRows(engine, normals(width * samples, 2), width, samples);
      const dx = putRows(
        engine,
        values.map(() => Number.NaN),
        width * pieces,
        samples,
      );
      const slopes = takeRows(engine, dy);
      engine.kernels.maxoutGradient(
        x.pointer,
        dx.pointer,
        x.stride,
        y.pointer,
        dy.pointer,
        y.stride,
        pieces,
        width,
        x.padded,
      );
      const expected = centralDifferences(
        (at) => largest(at).reduce((sum, value, i) => sum + slopes[i] * value, 0),
        values,
      );
      assertWithin(1e-6, takeRows(engine, dx), expected, "dx");
    });
  }

  test(`${build}: of pieces that are equal the first has the gradient`, async () => {
    const engine = await Engine.create({ build });
    const x = putRows(engine, new Float32Array(24).fill(2), 3, 8);
    const [y, dy] = [putRows(engine, normals(8, 1), 1, 8), putRows(engine, normals(8, 2), 1, 8)];
    const dx = putRows(engine, normals(24, 3), 3, 8);
    engine.kernels.maxout(x.pointer, x.stride, y.pointer, y.stride, 3, 1, 8);
    const at = [x.pointer, dx.pointer, x.stride, y.pointer, dy.pointer, y.stride] as const;
    engine.kernels.maxoutGradient(...at, 3, 1, 8);
    assert.deepEqual(
      takeRows(engine, dx),
      Float32Array.from([...takeRows(engine, dy), ...new Float32Array(16)]),
    );
  });

  describe(`${build}: minus the log-probability of the class, and its gradient`, () => {
    for (const [classes, samples] of [
      [2, 3],
      [3, 13],
      [40, 30],
    ]) {
      test(`${classes} classes, ${samples} samples`, async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        // Far from 0, where exponentials of the log-odds themselves would overflow.
        const logits = normals(classes * samples, 1).map((value) => 100 + 5 * value);
        const padded = 8 * Math.ceil(samples / 8);
        const labels = Int32Array.from({ length: padded }, (_, b) => (b < samples ? (7 * b) % classes : 0));
        const loss = (at: ArrayLike<number>) => {
          let total = 0;
          for (let b = 0; b < samples; b++) {
            const own = Array.from({ length: classes }, (_, c) => at[c * samples + b]);
            const most = Math.max(...own);
            const sum = own.reduce((all, value) => all + Math.exp(value - most), 0);
            total += most + Math.log(sum) - own[labels[b]];
          }
          return total;
        };
        const rows = putRows(engine, logits, classes, samples);
        const gradient = putRows(
          engine,
          logits.map(() => Number.NaN),
          classes,
          samples,
          Number.NaN,
        );
        const at = putIntegers(engine, labels);
        const call = (target: number) =>
          engine.kernels.crossEntropy(rows.pointer, rows.stride, target, at, classes, samples, padded, 0.25);
        const value = call(0);
        assertWithin(1e-6, [value], [loss(logits)], "loss");
        assert.equal(call(gradient.pointer), value);
        const expected = centralDifferences(loss, logits).map((slope) => slope / 4);
        assertWithin(1e-5, takeRows(engine, gradient), expected, "gradient");
        const lanes = engine.memory.floats(gradient.pointer, padded);
        assert.deepEqual(lanes.slice(samples), new Float32Array(padded - samples), "spare lanes");
      });
    }
  });
}

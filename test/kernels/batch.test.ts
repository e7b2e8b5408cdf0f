import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { BUILDS, gapsUntouched, put, putRows, take, takeRows } from "../support/kernel-memory.js";
import { normals } from "../support/numbers.js";

for (const build of BUILDS) {
  for (const [samples, features] of [
    [1, 1],
    [13, 3],
    [8, 10],
    [33, 7],
    [7, 4],
    [6, 5],
    [3, 12],
  ]) {
    test(`${samples} samples of ${features} features become rows and samples again, ${build} build`, async () => {
      const engine = await Engine.create({ build });
      const data = normals(samples * features, 1);
      const source = put(engine, data);
      const rows = putRows(engine, normals(samples * features, 2), features, samples, Number.NaN);
      engine.kernels.rowsLoad(source, rows.pointer, rows.stride, samples, rows.padded, features);
      const moved = data.map((_, i) => data[(i % samples) * features + Math.floor(i / samples)]);
      assert.deepEqual(takeRows(engine, rows), moved);
      const spare = takeRows(engine, { ...rows, samples: rows.padded }).filter(
        (_, i) => i % rows.padded >= samples,
      );
      assert.ok(
        spare.every((value) => value === 0),
        "the lanes beyond the samples are zero",
      );
      assert.ok(gapsUntouched(engine, rows));

      const target = put(engine, new Float32Array(data.length + 8).fill(5));
      engine.kernels.rowsStore(rows.pointer, rows.stride, target, samples, features);
      assert.deepEqual(take(engine, target, data.length), data);
      assert.ok(take(engine, target + 4 * data.length, 8).every((value) => value === 5));
    });
  }

  for (const size of [1, 2, 3, 4, 7, 10, 16]) {
    test(`chosen samples of ${size} floats are gathered in their order, ${build} build`, async () => {
      const engine = await Engine.create({ build });
      const data = normals(9 * size, 3);
      const source = put(engine, data);
      const chosen = [8, 0, 3, 3, 7];
      const indices = engine.arena.allocate(4 * chosen.length);
      engine.memory.integers(indices, chosen.length).set(chosen);
      const length = chosen.length * size;
      const target = put(engine, new Float32Array(length + 8).fill(5));
      engine.kernels.gatherSamples(source, indices, target, chosen.length, size);
      const expected = chosen.flatMap((sample) => [...data.subarray(sample * size, (sample + 1) * size)]);
      assert.deepEqual([...take(engine, target, length)], expected);
      assert.ok(take(engine, target + 4 * length, 8).every((value) => value === 5));
    });
  }
}

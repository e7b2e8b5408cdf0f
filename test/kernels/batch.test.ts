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
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { engineNormals } from "../../src/engine/normals.js";

test("normal numbers are those of their places, however many are asked for at once", async () => {
  const normals = engineNormals(await Engine.create(), 3, "tests");
  const whole = normals(5, 0, 4001).slice();
  for (const [first, count] of [
    [0, 1],
    [3, 9],
    [8, 8],
    [1003, 2500],
    [4000, 1],
  ]) {
    assert.deepEqual(normals(5, first, count), whole.slice(first, first + count), `${count} from ${first}`);
  }
  const mean = whole.reduce((sum, value) => sum + value, 0) / whole.length;
  const variance = whole.reduce((sum, value) => sum + (value - mean) ** 2, 0) / whole.length;
  assert.ok(Math.abs(mean) < 0.06 && Math.abs(variance - 1) < 0.08, `${mean}, ${variance}`);
  assert.notDeepEqual(normals(6, 0, 100).slice(), whole.slice(0, 100));
  assert.equal(normals(5, 7, 0).length, 0);
});

test("lists of other seeds and purposes are others", async () => {
  const engine = await Engine.create();
  const lists = [
    [3, "tests"],
    [4, "tests"],
    [3, "other tests"],
  ] as const;
  const drawn = lists.map(([seed, purpose]) => engineNormals(engine, seed, purpose)(0, 0, 10).join());
  assert.equal(new Set(drawn).size, lists.length);
});

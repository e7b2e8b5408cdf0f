import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { BUILDS, put, putIntegers, take } from "../support/kernel-memory.js";
import { normals } from "../support/numbers.js";

for (const build of BUILDS) {
  for (const [groups, channels, inner] of [
    [1, 1, 8],
    [1, 17, 24],
    [4, 3, 144],
  ]) {
    test(`permute moves channel table[c] to c, or adds it: ${groups} groups of ${channels}, ${build}`, async () => {
      const engine = await Engine.create({ build });
      const order = new Random(1, "order").permutation(channels);
      const length = groups * channels * inner;
      const [x, before] = [normals(length, 1), normals(length, 2)];
      const moved = x.map((_, i) => {
        const [group, channel] = [Math.floor(i / (channels * inner)), Math.floor(i / inner) % channels];
        return x[(group * channels + order[channel]) * inner + (i % inner)];
      });
      const table = putIntegers(engine, order);
      for (const accumulate of [0, 1]) {
        const [from, to] = [put(engine, x), put(engine, before)];
        const stride = channels * inner;
        engine.kernels.permute(from, stride, to, stride, table, groups, channels, inner, inner, accumulate);
        const expected = accumulate ? moved.map((value, i) => value + before[i]) : moved;
        assert.deepEqual(take(engine, to, length), expected);
      }
    });
  }
}

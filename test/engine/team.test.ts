import assert from "node:assert/strict";
import { test } from "node:test";
import { SOLO, slice, type Team } from "../../src/engine/team.js";

const member = (rank: number, size: number): Team => ({ ...SOLO, rank, size });

for (const size of [1, 2, 3, 4, 5]) {
  test(`the slices of ${size} members cover a batch once, in multiples of 8`, () => {
    for (const samples of [0, 1, 7, 8, 9, 39, 40, 41, 240, 1000, 1003]) {
      const slices = Array.from({ length: size }, (_, rank) => slice(member(rank, size), samples));
      assert.equal(slices[0].from, 0);
      assert.equal(slices[size - 1].to, samples);
      slices.forEach(({ from, to }, rank) => {
        assert.ok(from <= to);
        if (rank > 0) assert.equal(from, slices[rank - 1].to);
        // all but the end of the batch lie at a multiple of 8
        assert.ok(from % 8 === 0 || from === samples);
      });
      const lengths = slices.map(({ from, to }) => to - from);
      assert.ok(
        Math.max(...lengths) - Math.min(...lengths) <= 15,
        "nobody has two groups of 8 more than another",
      );
    }
  });
}

test("a team of one has nothing to add up", () => {
  assert.equal(SOLO.sum(3), 3);
  assert.deepEqual(slice(SOLO, 13), { from: 0, to: 13 });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONG_SUM, mostShares, SOLO, slice } from "../../src/engine/team.js";
import { batchDivision, inSlices, sharesOf } from "../../src/nn/batch-division.js";

for (const members of [2, 3, 4, 8]) {
  test(`shares for ${members} members cover a batch once, begin at whole grains and are not too many`, () => {
    for (const grain of [1, 2, 8]) {
      for (const samples of [1, 7, 8, 15, 40, 64, 100, 240, 999, 1000, 1001, 20_000]) {
        const shares = sharesOf(samples, members, grain);
        assert.ok(shares.length >= 1 && shares.length <= mostShares(members));
        assert.equal(shares[0].from, 0);
        assert.equal(shares[shares.length - 1].to, samples);
        shares.forEach(({ from, to }, index) => {
          assert.ok(from < to && from % grain === 0);
          if (index > 0) assert.equal(from, shares[index - 1].to);
        });
      }
    }
  });
}

test("a batch is handed out in two rounds of equal shares, of which the second is smaller", () => {
  const sizes = (samples: number) => sharesOf(samples, 2).map(({ from, to }) => to - from);
  assert.deepEqual(sizes(1000), [360, 360, 144, 136]);
  assert.deepEqual(sizes(400), [200, 200]);
  assert.deepEqual(sizes(64), [32, 32]);
});

test("members have slices of their own where a gradient is long or needs the whole batch", () => {
  const team = { ...SOLO, rank: 1, size: 2 };
  const mine = slice(team, 1000);
  for (const division of [
    inSlices(team),
    batchDivision(team, { parameters: LONG_SUM, isAdditive: true }),
    batchDivision(team, { parameters: 100, isAdditive: false }),
  ]) {
    assert.equal(division.shares, undefined);
    assert.deepEqual(division.reach(1000), mine);
  }
  const open = batchDivision(team, { parameters: 100, isAdditive: true });
  assert.deepEqual(open.reach(1000), { from: 0, to: 1000 });
  assert.equal(open.shares?.(1000).length, 4);
  assert.equal(batchDivision(SOLO, { parameters: 100, isAdditive: true }).shares, undefined);
});

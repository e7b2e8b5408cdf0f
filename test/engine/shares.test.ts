import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { mostShares, SOLO } from "../../src/engine/team.js";
import { readyMembers } from "../../src/engine/team-control.js";
import { createTeamMemory } from "../../src/engine/team-memory.js";
import { ThreadTeam } from "../../src/engine/thread-team.js";
import {
  commonBytes,
  firstVector,
  longValues,
  type ShareSums,
  type ShareWork,
  sumAllShares,
} from "../support/share-work.js";

/** What the members of a team find, by rank; the first is this thread. */
async function byTeam(members: number, work: ShareWork): Promise<ShareSums[]> {
  const memory = await createTeamMemory(members, work.long);
  const workers = Array.from({ length: members - 1 }, (_, index) => {
    const workerData = { memory, rank: index + 1, work };
    return new Worker(new URL("../support/team-member.js", import.meta.url), { workerData });
  });
  const others = workers.map(
    (worker) =>
      new Promise<ShareSums>((resolve, reject) => worker.once("message", resolve).once("error", reject)),
  );
  while (readyMembers(memory) < workers.length) await new Promise((resolve) => setTimeout(resolve, 2));
  return [sumAllShares(new ThreadTeam(memory, 0), work), ...(await Promise.all(others))];
}

for (const { members, length, long } of [
  { members: 2, length: 4501, long: 4501 },
  { members: 3, length: 10, long: 17 },
  // Enough for the members to add up a part each, and for a sum in three pieces.
  { members: 3, length: 12_001, long: 300_001 },
]) {
  test(`${members} members find the sums of one, bit for bit, whoever is slow: ${length} values`, async () => {
    const most = mostShares(members);
    const shares = [most, 1, most, members, most, most - 1, 2];
    const all = shares.reduce((sum, count) => sum + count, 0);
    const alone = sumAllShares(SOLO, { shares, length, long: 0, milliseconds: [0] });
    assert.ok(!alone.values[0].every((value, i) => value === alone.values[2][i]));
    const longSum = longValues(0, long);
    for (let rank = 1; rank < members; rank++) {
      const other = longValues(rank, long);
      for (let i = 0; i < long; i++) longSum[i] += other[i];
    }
    for (let slow = 0; slow < members; slow++) {
      const milliseconds = Array.from({ length: members }, (_, rank) => (rank === slow ? 20 : 0.5));
      const common = new SharedArrayBuffer(commonBytes(members, long));
      // One that is not slow asks to stop with the fourth sum.
      const stops = Array.from({ length: members }, (_, rank) =>
        rank === (slow + 1) % members ? 3 : undefined,
      );
      const found = await byTeam(members, { shares, length, long, common, milliseconds, stops });
      assert.deepEqual(firstVector(common, long), longSum);
      for (const member of found) {
        assert.deepEqual(member.values, alone.values);
        assert.deepEqual(member.totals, alone.totals);
        assert.deepEqual(member.longSum, longSum);
        member.updates.forEach((value, index) => {
          const round = Math.floor(index / 3);
          // With the rounding of the sum that stood in memory for a moment.
          const first = Math.fround(longSum[0] + round) - round;
          assert.equal(value, [first, (members * (members + 1)) / 2, members * round][index % 3]);
        });
        const ranks = (members * (members + 1)) / 2;
        assert.deepEqual(member.heard, found[0].heard, "all hear of a stop with the same sum");
        assert.ok(!member.heard.slice(0, 3).includes(true));
        assert.deepEqual(member.numbers, [ranks]);
      }
      const done = found.reduce((sum, member) => sum + member.done, 0);
      assert.ok(done >= all, `${done} of ${all} shares were done`);
      assert.ok(found[slow].done < all / members, `who is slow did ${found[slow].done} of ${all} shares`);
    }
  });
}

test("a member that is behind the others keeps nobody waiting and receives every sum", async () => {
  const [members, length] = [2, 100];
  const shares = new Array<number>(30).fill(4);
  const alone = sumAllShares(SOLO, { shares, length, long: 0, milliseconds: [0] });
  for (const behind of [0, 1]) {
    const pauses = [0, 1].map((rank) => (rank === behind ? 5 : 0));
    const found = await byTeam(members, { shares, length, long: length, milliseconds: [0.1, 0.1], pauses });
    for (const { values, totals } of found) {
      assert.deepEqual(values, alone.values);
      assert.deepEqual(totals, alone.totals);
    }
    assert.ok(found[behind].done < 60, `who is behind did ${found[behind].done} of 120 shares`);
  }
});

for (const members of [2, 3]) {
  test(`one of ${members} members that is put aside with a share keeps nobody waiting: others do it again`, async () => {
    const length = 100;
    const shares = new Array<number>(30).fill(mostShares(members));
    const alone = sumAllShares(SOLO, { shares, length, long: 0, milliseconds: [0] });
    for (let rank = 0; rank < members; rank++) {
      const away = { rank, sums: 12, words: new SharedArrayBuffer(8) };
      const milliseconds = new Array<number>(members).fill(0.1);
      const found = await byTeam(members, { shares, length, long: length, milliseconds, away });
      for (const { values, totals } of found) {
        assert.deepEqual(values, alone.values);
        assert.deepEqual(totals, alone.totals);
      }
    }
  });
}

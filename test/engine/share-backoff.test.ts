import assert from "node:assert/strict";
import { test } from "node:test";
import { ShareBackoff } from "../../src/engine/share-backoff.js";

/** Sums that a member leaves out in a row whenever it comes back late, `times` times. */
function absences(backoff: ShareBackoff, times: number): number[] {
  return Array.from({ length: times }, () => {
    let leftOut = 0;
    for (let part = backoff.takesPart(true); !part; part = backoff.takesPart(false)) leftOut++;
    return leftOut;
  });
}

test("who keeps the others waiting again and again leaves out twice as many sums each time, up to 128", () => {
  let away = 0;
  const backoff = new ShareBackoff(
    () => ++away === 1,
    () => away--,
    0,
  );
  assert.ok(backoff.takesPart(false));
  assert.deepEqual(absences(backoff, 9), [1, 2, 4, 8, 16, 32, 64, 128, 128]);
  assert.equal(away, 0);
  // After 64 sums for which nobody waited it is forgotten.
  for (let sum = 0; sum < 64; sum++) assert.ok(backoff.takesPart(false));
  assert.deepEqual(absences(backoff, 2), [1, 2]);
});

test("nobody leaves where that would leave nobody", () => {
  const backoff = new ShareBackoff(
    () => false,
    () => assert.fail("it was never away"),
    0,
  );
  for (let sum = 0; sum < 10; sum++) assert.ok(backoff.takesPart(true));
});

test("nobody leaves while code is still being compiled", () => {
  const backoff = new ShareBackoff(
    () => true,
    () => {},
    3,
  );
  const parts = Array.from({ length: 4 }, () => backoff.takesPart(true));
  assert.deepEqual(parts, [true, true, true, false]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ADVICE, deviations, measureCosts, recordedCosts } from "./record.js";

test("kernels and training steps stay within their recorded costs", async () => {
  const found = deviations(recordedCosts(), await measureCosts());
  assert.ok(found.length === 0, `${found.join("\n")}\n${ADVICE}`);
});

test("a cost that grows at all, falls far, appears or disappears is told with its name", () => {
  const recorded = { linear: { calls: 100, simd: 1000 }, gone: 3 };
  assert.deepEqual(deviations(recorded, recorded), []);
  assert.deepEqual(deviations(recorded, { linear: { calls: 90, simd: 1000 }, gone: 3 }), []);
  assert.deepEqual(deviations(recorded, { linear: { calls: 101, simd: 899 }, fresh: 1 }), [
    "linear: calls: grew from 100 to 101 (+1.0 %)",
    "linear: simd: fell from 1,000 to 899 (-10.1 %)",
    "gone: was 3, and there is no such cost any more",
    "fresh: is 1, and the record has no such cost",
  ]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasCrossbar } from "../../src/experiments/digits/crossbar.js";

/** A seven of strokes 2 pixels wide in 28 x 28 pixels, whose stem leans by `slant` pixels a row. */
function seven(slant: number, crossbar: boolean): Float32Array {
  const image = new Float32Array(28 * 28);
  const ink = (row: number, from: number, to: number) => {
    for (let column = Math.round(from); column <= Math.round(to); column++) image[row * 28 + column] = 1;
  };
  for (const row of [4, 5]) ink(row, 8, 19);
  for (let row = 6; row < 24; row++) ink(row, 18 - slant * (row - 6), 19 - slant * (row - 6));
  if (crossbar) for (const row of [14, 15]) ink(row, 9, 20);
  return image;
}

test("a seven with a stroke across its stem has a crossbar, and one without has none, upright or leaning", () => {
  for (const slant of [0, 0.2, 0.4]) {
    assert.ok(hasCrossbar(seven(slant, true), 28), `slant ${slant}`);
    assert.ok(!hasCrossbar(seven(slant, false), 28), `slant ${slant}`);
  }
  assert.ok(!hasCrossbar(new Float32Array(28 * 28), 28));
});

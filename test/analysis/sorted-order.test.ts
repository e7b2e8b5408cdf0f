import assert from "node:assert/strict";
import { test } from "node:test";
import { Sorter, sortedOrder } from "../../src/analysis/sorted-order.js";
import { normalGenerator } from "./support.js";

const normal = normalGenerator(3);
const table: readonly { name: string; values: readonly number[] }[] = [
  { name: "nothing", values: [] },
  { name: "one value", values: [3] },
  { name: "normal values", values: Array.from({ length: 5000 }, normal) },
  {
    name: "all sizes and signs",
    values: Array.from({ length: 3000 }, () => normal() * 10 ** (60 * normal())),
  },
  { name: "equal values", values: Array.from({ length: 500 }, () => Math.abs(Math.round(normal()))) },
  { name: "a constant", values: new Array(100).fill(0.1) },
  { name: "neighbouring numbers", values: [1 + Number.EPSILON, 1, 1 - Number.EPSILON / 2, 1, 0] },
  {
    name: "infinities, zeros and the smallest numbers",
    values: [0, Number.MIN_VALUE, Number.NEGATIVE_INFINITY, -Number.MIN_VALUE, Number.POSITIVE_INFINITY, 1],
  },
];

for (const { name, values } of table) {
  test(`${name}: the order is that of a stable sort by comparison`, () => {
    const expected = [...values.keys()].sort((a, b) => values[a] - values[b] || a - b);
    assert.deepEqual([...sortedOrder(Float64Array.from(values))], expected);
  });
}

test("room for sorting can be used again, and the values stay as they are", () => {
  const sorter = new Sorter(3);
  const first = Float64Array.of(3, 1, 2);
  assert.deepEqual([...sorter.order(first)], [1, 2, 0]);
  assert.deepEqual([...sorter.order(Float64Array.of(-1, -3, 5))], [1, 0, 2]);
  assert.deepEqual([...first], [3, 1, 2]);
});

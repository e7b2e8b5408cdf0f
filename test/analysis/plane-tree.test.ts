import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaneTree } from "../../src/analysis/plane-tree.js";
import { normalGenerator } from "./support.js";

const normal = normalGenerator(12);
const draw = (length: number, value: () => number) => Float64Array.from({ length }, value);
const clouds: readonly { name: string; x: Float64Array; y: Float64Array }[] = [
  { name: "a round cloud", x: draw(500, normal), y: draw(500, normal) },
  { name: "a line", x: draw(300, normal), y: new Float64Array(300) },
  {
    name: "a grid with equal points",
    x: draw(400, normal).map(Math.round),
    y: draw(400, normal).map(Math.round),
  },
  { name: "sorted points", x: draw(200, normal).sort(), y: draw(200, normal).sort() },
  { name: "fewer points than neighbours", x: draw(3, normal), y: draw(3, normal) },
];

for (const { name, x, y } of clouds) {
  test(`${name}: distances to the k-th neighbour are those of a search over all points`, () => {
    const tree = new PlaneTree(x, y);
    for (let n = 0; n < 60; n++) {
      const [px, py] = n < x.length ? [x[n], y[n]] : [normal(), normal()];
      const all = x.map((value, i) => Math.max(Math.abs(value - px), Math.abs(y[i] - py))).sort();
      for (const k of [1, 4, 11]) {
        assert.equal(tree.distance(px, py, k), all[k - 1] ?? Number.POSITIVE_INFINITY);
      }
    }
  });
}

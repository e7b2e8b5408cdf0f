import assert from "node:assert/strict";
import { test } from "node:test";
import { hsicTest } from "../../src/analysis/index.js";
import { simulateStructuralPair } from "../../src/simulate/structural.js";

const column = (values: Float32Array, of: number) => Array.from(values.filter((_, k) => k % 2 === of));

test("the cause is a function of its own disturbance, and the effect of both", () => {
  for (const layers of [1, 3, 5]) {
    const options = { layers, segments: 5, length: 40, seed: layers };
    const { dataset, cause, disturbances } = simulateStructuralPair(options);
    const noise = column(disturbances, 0);
    const order = noise.map((_, n) => n).sort((a, b) => noise[a] - noise[b]);
    const sorted = order.map((n) => column(dataset.features, cause)[n]);
    const steps = sorted.slice(1).map((value, k) => Math.sign(value - sorted[k]));
    // A composition of monotone maps is monotone.
    assert.equal(new Set(steps.filter((step) => step !== 0)).size, 1);
    const conditions = dataset.condition.labels;
    const p = (variable: number, disturbance: number) =>
      hsicTest(column(dataset.features, variable), column(disturbances, disturbance), { conditions }).p;
    assert.ok(p(cause, 1) > 1e-3);
    assert.ok(p(1 - cause, 0) < 1e-3);
  }
});

test("one layer is linear: the effect is a weighted sum of the disturbances", () => {
  const { dataset, cause, disturbances } = simulateStructuralPair({
    layers: 1,
    segments: 2,
    length: 10,
    seed: 2,
  });
  const [x, y] = [cause, 1 - cause].map((of) => column(dataset.features, of));
  const [n1, n2] = [0, 1].map((of) => column(disturbances, of));
  const own = x[0] / n1[0];
  const determinant = n1[0] * n2[1] - n1[1] * n2[0];
  const first = (y[0] * n2[1] - y[1] * n2[0]) / determinant;
  const second = (n1[0] * y[1] - n1[1] * y[0]) / determinant;
  for (let n = 0; n < 20; n++) {
    assert.ok(Math.abs(x[n] - own * n1[n]) < 1e-4);
    assert.ok(Math.abs(y[n] - first * n1[n] - second * n2[n]) < 1e-3);
  }
  for (const weight of [own, first, second]) assert.ok(Math.abs(weight) > 0.49 && Math.abs(weight) < 1.51);
});

test("the same seed gives the same pair; over seeds either column is the cause", () => {
  const options = { layers: 2, segments: 3, length: 5 };
  const make = (seed: number) => simulateStructuralPair({ ...options, seed });
  assert.deepEqual(make(4), make(4));
  assert.notDeepEqual(make(4).dataset.features, make(5).dataset.features);
  const causes = Array.from({ length: 40 }, (_, seed): number => make(seed).cause);
  const first = causes.filter((cause) => cause === 0).length;
  assert.ok(first >= 8 && first <= 32, `${first} of 40`);
});

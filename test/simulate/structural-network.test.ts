import assert from "node:assert/strict";
import { test } from "node:test";
import { hsicTest } from "../../src/analysis/index.js";
import { simulateStructuralNetwork } from "../../src/simulate/structural-network.js";

const options = { variables: 6, segments: 5, length: 40 };
const make = (seed: number) => simulateStructuralNetwork({ ...options, seed });

test("every variable but one has one cause or two, and none is a cause of itself by any way", () => {
  let doubles = 0;
  for (let seed = 0; seed < 30; seed++) {
    const { edges } = make(seed);
    const causes = Array.from({ length: 6 }, (_, v) => edges.filter(({ effect }) => effect === v));
    assert.equal(causes.filter((own) => own.length === 0).length, 1);
    assert.ok(causes.every((own) => own.length <= 2));
    assert.ok(causes.every((own) => new Set(own.map(({ cause }) => cause)).size === own.length));
    doubles += causes.filter((own) => own.length === 2).length;
    // Taking away variables without causes among those left ends with none.
    let left = Array.from({ length: 6 }, (_, v) => v);
    for (let round = 0; round < 6; round++) {
      left = left.filter((v) => edges.some(({ cause, effect }) => effect === v && left.includes(cause)));
    }
    assert.deepEqual(left, []);
  }
  assert.ok(doubles > 10 && doubles < 80, `${doubles} variables with two causes`);
});

test("an effect depends on its cause's disturbance, and a cause not on its effect's", () => {
  const { dataset, edges, disturbances } = simulateStructuralNetwork({ ...options, length: 200, seed: 3 });
  const column = (values: Float32Array, of: number) => Array.from(values.filter((_, k) => k % 6 === of));
  const conditions = dataset.condition.labels;
  const p = (variable: number, disturbance: number) =>
    hsicTest(column(dataset.features, variable), column(disturbances, disturbance), { conditions }).p;
  for (const { cause, effect } of edges) {
    assert.ok(p(cause, effect) > 1e-3, `${cause} does not see ${effect}`);
    assert.ok(p(effect, cause) < 1e-2, `${effect} sees ${cause}`);
  }
});

test("the same seed gives the same network, another one another", () => {
  assert.deepEqual(make(4), make(4));
  assert.notDeepEqual(make(4).dataset.features, make(5).dataset.features);
});

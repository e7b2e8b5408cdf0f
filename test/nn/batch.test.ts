import assert from "node:assert/strict";
import { test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { elements, isVector, type Shape, vector } from "../../src/engine/shape.js";
import { mapSamples, type SampleMap } from "../../src/nn/batch.js";
import { image } from "../support/bijection-cases.js";
import { normals } from "../support/numbers.js";

const CASES: readonly (readonly [Shape, number])[] = [
  [vector(3), 0],
  [vector(3), 1],
  [vector(1), 13],
  [vector(70_000), 19],
  [image(2, 3, 5), 21],
  [image(1, 160, 160), 19],
];

for (const [shape, samples] of CASES) {
  const name = isVector(shape) ? "vectors" : "images";
  test(`${samples} ${name} of ${elements(shape)} values pass through in order and in bounded memory`, async () => {
    const engine = await Engine.create();
    const context = { engine };
    const data = normals(samples * elements(shape), 1);
    const starts: number[] = [];
    const same: SampleMap = {
      input: shape,
      output: shape,
      apply(x, from) {
        starts.push(from);
        return x;
      },
    };
    assert.deepEqual(mapSamples(context, same, data), data);
    const start = engine.arena.mark();
    mapSamples(context, same, data);
    assert.equal(engine.arena.mark(), start, "all memory is given back");
    assert.ok(starts.every((from) => from % 8 === 0));
  });
}

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { initialise } from "../../src/nn/initialise.js";
import { Parameters } from "../../src/nn/parameters.js";

describe("parameters", () => {
  test("lie one after the other in a vector, zero at first, with a gradient beside each", async () => {
    const engine = await Engine.create();
    const parameters = new Parameters();
    const weight = parameters.declare("weight", [3, 5]);
    const bias = parameters.declare("bias", [3]);
    parameters.materialise(engine);
    assert.equal(parameters.length, 18);
    assert.equal(bias.pointer - weight.pointer, 4 * 15);
    assert.equal(bias.gradient - parameters.gradientsPointer, 4 * 15);
    assert.ok(parameters.values().every((value) => value === 0));
    parameters.values()[15] = 7;
    assert.equal(engine.memory.floats(bias.pointer, 1)[0], 7);
    assert.deepEqual(parameters.entries(), [
      { name: "weight", shape: [3, 5], length: 15, offset: 0 },
      { name: "bias", shape: [3], length: 3, offset: 15 },
    ]);
  });

  test("have names of their own, and are declared before they are laid out", async () => {
    const engine = await Engine.create();
    const parameters = new Parameters();
    parameters.declare("weight", [1]);
    assert.throws(() => parameters.declare("weight", [1]), /declared twice/);
    assert.throws(() => parameters.values(), /not been laid out/);
    parameters.materialise(engine);
    assert.throws(() => parameters.declare("bias", [1]), /after the vector was laid out/);
  });
});

describe("initialisation", () => {
  const drawn = (shape: readonly number[], part: "weight" | "bias", scheme: "uniform" | "xavier") => {
    const length = part === "bias" ? shape[0] : shape.reduce((product, extent) => product * extent);
    const values = new Float32Array(length).fill(9);
    initialise(values, shape, part, scheme, new Random(1, "initialise"));
    return values;
  };
  const variance = (values: Float32Array) =>
    values.reduce((sum, value) => sum + value ** 2, 0) / values.length;

  test("uniform draws weights and biases from U(-1/sqrt(fanIn), 1/sqrt(fanIn))", () => {
    for (const shape of [
      [100, 64],
      [64, 16, 3, 3],
    ]) {
      const fanIn = shape.slice(1).reduce((product, extent) => product * extent);
      for (const part of ["weight", "bias"] as const) {
        const values = drawn(shape, part, "uniform");
        const bound = 1 / Math.sqrt(fanIn);
        assert.ok(values.every((value) => Math.abs(value) <= bound));
        // the variance of a uniform number's square is (4/45) bound^4
        const error = Math.abs(variance(values) - bound ** 2 / 3);
        assert.ok(error < 5 * bound ** 2 * Math.sqrt(4 / 45 / values.length), `${part} of ${shape}`);
      }
    }
  });

  test("xavier draws weights from N(0, 2 / (fanIn + fanOut)) and leaves biases zero", () => {
    for (const shape of [
      [100, 64],
      [64, 16, 3, 3],
    ]) {
      const window = shape.length === 4 ? 9 : 1;
      const expected = 2 / (window * (shape[0] + shape[1]));
      const values = drawn(shape, "weight", "xavier");
      assert.ok(Math.abs(variance(values) / expected - 1) < 5 * Math.sqrt(2 / values.length));
      assert.ok(drawn(shape, "bias", "xavier").every((value) => value === 0));
    }
  });
});

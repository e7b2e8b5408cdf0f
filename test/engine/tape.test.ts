import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allocate, type Context } from "../../src/engine/context.js";
import { Engine } from "../../src/engine/engine.js";
import { vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import type { Tensor } from "../../src/engine/tensor.js";
import { Coupling } from "../../src/flows/coupling.js";
import { Permutation } from "../../src/flows/permutation.js";
import { declareLinear, linear } from "../../src/nn/linear.js";
import { Parameters } from "../../src/nn/parameters.js";
import { assertWithin, normals } from "../support/numbers.js";
import { load, read, write } from "../support/passes.js";

const SAMPLES = 3;

/** The gradient of x under sum(y) summed over the outputs that `build` gives. */
async function gradientOf(
  features: number,
  build: (context: Context, x: Tensor) => readonly Tensor[],
): Promise<Float32Array> {
  const engine = await Engine.create();
  const context = { engine, tape: new Tape() };
  const x = load(context, vector(features), normals(SAMPLES * features, 1));
  for (const y of build(context, x)) {
    write(context, y, new Float32Array(y.samples * y.channels).fill(1), y.gradient);
    y.markGradientWritten();
  }
  context.tape.backward();
  return read(context, x, x.gradient);
}

const reversed = (features: number) =>
  new Permutation(
    vector(features),
    Int32Array.from({ length: features }, (_, i) => features - 1 - i),
  );

describe("tape", () => {
  test("runs what was recorded once, last first", () => {
    const tape = new Tape();
    const order: number[] = [];
    for (const step of [1, 2, 3]) tape.record(() => order.push(step));
    tape.backward();
    tape.backward();
    assert.deepEqual(order, [3, 2, 1]);
  });

  test("a tensor used twice gets the sum of both gradients", async () => {
    const twice = await gradientOf(4, (context, x) => [
      reversed(4).forward(context, x),
      reversed(4).forward(context, x),
    ]);
    assert.deepEqual(twice, new Float32Array(4 * SAMPLES).fill(2));
  });

  test("slices that do not overlap get their gradients apart", async () => {
    const apart = await gradientOf(5, (context, x) => [
      reversed(2).forward(context, x.slice(0, 2)),
      reversed(3).forward(context, x.slice(2, 5)),
    ]);
    assert.deepEqual(apart, new Float32Array(5 * SAMPLES).fill(1));
  });

  test("a slice used twice gets the sum", async () => {
    const sum = await gradientOf(4, (context, x) => {
      const [a, b] = [x.slice(0, 2), x.slice(2, 4)];
      return [a, a, b].map((part) => reversed(2).forward(context, part));
    });
    assert.deepEqual(Array.from(sum.subarray(0, 4)), [2, 2, 1, 1]);
  });

  test("a slice adds to what its whole tensor has got", async () => {
    // the tape runs backwards: the whole comes first
    const sum = await gradientOf(4, (context, x) => [
      reversed(2).forward(context, x.slice(0, 2)),
      reversed(4).forward(context, x),
    ]);
    assert.deepEqual(Array.from(sum.subarray(0, 4)), [2, 2, 1, 1]);
  });

  test("a tensor that a coupling and another map use gets the sum, in either order", async () => {
    // with nothing added to its halves, a coupling is the identity
    const nothing = (context: Context, x: Tensor) => {
      const t = allocate(context, vector(2), x.samples);
      write(context, t, new Float32Array(2 * x.samples));
      context.tape?.record(() => {
        const before = x.gradientWritten ? read(context, x, x.gradient) : new Float32Array(2 * x.samples);
        write(context, x, before, x.gradient);
        x.markGradientWritten();
      });
      return t;
    };
    const coupling = new Coupling(vector(4), "additive", { first: nothing, second: nothing });
    const maps = [coupling, reversed(4), coupling];
    for (const order of [
      [0, 1],
      [1, 0],
      [0, 2],
      [2, 1, 0],
    ]) {
      const sum = await gradientOf(4, (context, x) => order.map((which) => maps[which].forward(context, x)));
      assert.deepEqual(sum, new Float32Array(4 * SAMPLES).fill(order.length), order.join());
    }
  });

  test("a layer whose input wants no gradient stores those of its parameters alone", async () => {
    const engine = await Engine.create();
    const context = { engine, tape: new Tape() };
    const parameters = new Parameters();
    const layer = declareLinear(parameters, "layer", 2, 3);
    parameters.materialise(engine);
    const x = allocate(context, vector(2), SAMPLES, { gradient: false });
    const values = normals(2 * SAMPLES, 1);
    write(context, x, values);
    const y = linear(context, layer, x, false);
    write(context, y, new Float32Array(3 * SAMPLES).fill(1), y.gradient);
    context.tape.backward();
    assert.equal(x.gradientWritten, false);
    const sums = [0, 1].map((f) => values.reduce((sum, value, i) => sum + (i % 2 === f ? value : 0), 0));
    const expected = [...sums, ...sums, ...sums, SAMPLES, SAMPLES, SAMPLES];
    assertWithin(1e-6, parameters.gradients(), expected, "dW and db");
  });

  test("without a tape nothing carries a gradient", async () => {
    const engine = await Engine.create();
    const y = reversed(3).forward({ engine }, load({ engine }, vector(3), normals(3, 1)));
    assert.equal(y.hasGradient, false);
  });
});

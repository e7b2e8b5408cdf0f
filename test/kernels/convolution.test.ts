import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allocate, type Context } from "../../src/engine/context.js";
import { Engine } from "../../src/engine/engine.js";
import { vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import { convolution, convolutions, declareConvolution } from "../../src/nn/convolution.js";
import { Parameters } from "../../src/nn/parameters.js";
import {
  randomValues,
  referenceConvolution,
  referenceGradients,
  relativeError,
} from "./convolution-reference.js";
import { assertZeroBorder, batchOf, poison, readImages, writeImages } from "./image-batch.js";

// Sides that are multiples of 7 go by larger tiles, which are less exact.
const NETWORKS = [
  { channels: [1, 3, 2], height: 5, width: 3, samples: 1 },
  { channels: [2, 16, 16, 4], height: 12, width: 16, samples: 13 },
  { channels: [2, 16, 16, 4], height: 14, width: 14, samples: 13 },
  { channels: [8, 32, 32, 16], height: 7, width: 7, samples: 20 },
  { channels: [5, 4, 6], height: 4, width: 9, samples: 3 },
];

for (const build of ["plain", "relaxed"] as const) {
  describe(`convolution layers, ${build} build`, () => {
    const cases = NETWORKS.flatMap((network) => [
      { ...network, together: false },
      { ...network, together: true },
    ]);
    for (const { channels, height, width, samples, together } of cases) {
      const way = together ? "all layers together" : "layer by layer";
      test(`a ReLU network ${channels.join("-")} on ${samples} of ${height}x${width}, ${way}`, async () => {
        const engine = await Engine.create({ build });
        poison(engine);
        const parameters = new Parameters();
        const layers = channels
          .slice(1)
          .map((outputs, i) => declareConvolution(parameters, `layer${i}`, channels[i], outputs));
        parameters.materialise(engine);
        parameters.values().set(randomValues(parameters.length, 1));
        const last = layers.length - 1;
        const bound = height % 7 === 0 && width % 7 === 0 ? 6e-5 : 1e-5;

        const tape = new Tape();
        const context = { engine, tape };
        const whole = allocate(context, { channels: channels[0] + 2, height, width }, samples);
        const x = whole.slice(1, 1 + channels[0]);
        const input = randomValues(samples * channels[0] * height * width, 2);
        writeImages(engine, batchOf(x), input);
        const run = (context: Context) =>
          together
            ? convolutions(context, layers, x)
            : layers.reduce((value, layer, i) => convolution(context, layer, value, i < last), x);
        const untaped = readImages(engine, batchOf(run({ engine })));
        const y = run(context);
        const mark = engine.arena.mark();
        assert.deepEqual(readImages(engine, batchOf(y)), untaped, "the same with and without gradients");
        const seed = randomValues(samples * channels[last + 1] * height * width, 3);
        writeImages(engine, batchOf(y, y.gradient), seed);
        const before = randomValues(input.length, 4);
        writeImages(engine, batchOf(x, x.gradient), before);
        x.markGradientWritten();
        tape.backward();
        assert.equal(engine.arena.mark(), mark, "the backward pass leaves no scratch memory behind");

        const values = (parameter: { pointer: number; length: number }) =>
          engine.memory.floats(parameter.pointer, parameter.length);
        const sizes = layers.map((_, i) => ({
          samples,
          inputs: channels[i],
          outputs: channels[i + 1],
          height,
          width,
        }));
        // Each layer's reference starts from what the engine's layer before gave: a ReLU whose input is as close to zero as
        // the kernels are exact may take the other side, and all after it must agree with the side that it took.
        const activations = [input];
        for (const [i, { weight, bias }] of layers.entries()) {
          const linear = referenceConvolution(
            sizes[i],
            values(weight),
            values(bias),
            Float64Array.from(activations[i]),
          );
          const upTo = layers.slice(0, i + 1);
          const found =
            i < last ? readImages(engine, batchOf(convolutions({ engine }, upTo, x, true))) : untaped;
          const expected = i < last ? linear.map((value) => Math.max(0, value)) : linear;
          assert.ok(relativeError(found, expected) < bound, `output of layer ${i}`);
          activations.push(found);
        }
        assertZeroBorder(engine, batchOf(y));

        let dy = Float64Array.from(seed);
        for (let i = last; i >= 0; i--) {
          const { weight, bias } = layers[i];
          const gradients = referenceGradients(
            sizes[i],
            values(weight),
            Float64Array.from(activations[i]),
            dy,
          );
          const dWeight = engine.memory.floats(weight.gradient, weight.length);
          const dBias = engine.memory.floats(bias.gradient, bias.length);
          assert.ok(relativeError(dWeight, gradients.dWeight) < bound, `dWeight of layer ${i}`);
          assert.ok(relativeError(dBias, gradients.dBias) < bound, `dBias of layer ${i}`);
          const mask = activations[i];
          dy = gradients.dx.map((value, j) => (i > 0 && mask[j] <= 0 ? 0 : value));
        }
        const dx = dy.map((value, i) => value + before[i]);
        assert.ok(relativeError(readImages(engine, batchOf(x, x.gradient)), dx) < bound, "dx");
        assertZeroBorder(engine, batchOf(x, x.gradient));
      });
    }

    test("vectors and other channel counts are refused", async () => {
      const engine = await Engine.create({ build });
      const parameters = new Parameters();
      const layer = declareConvolution(parameters, "layer", 2, 3);
      parameters.materialise(engine);
      const tensor = (channels: number, side: number) =>
        allocate({ engine }, side === 1 ? vector(channels) : { channels, height: side, width: side }, 3);
      assert.throws(
        () => convolution({ engine }, layer, tensor(2, 1), false),
        /image of 2 channels; got \(2\)/,
      );
      assert.throws(
        () => convolution({ engine }, layer, tensor(3, 4), false),
        /image of 2 channels; got \(3,4,4\)/,
      );
    });
  });
}

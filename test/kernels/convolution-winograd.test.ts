import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { forward, separately, winograd, winogradGradient } from "../../src/nn/convolution-methods.js";
import { testConvolutionKernels } from "./convolution-battery.js";
import { randomValues, relativeError } from "./convolution-reference.js";
import { allocateImages, readImages, writeImages } from "./image-batch.js";

for (const build of ["plain", "relaxed"] as const) {
  describe(`Winograd convolution, ${build} build`, () => {
    testConvolutionKernels({
      build,
      forward: (kernels, sizes) => forward(winograd(kernels), sizes),
      backward: (kernels, sizes) => separately(winograd(kernels), winogradGradient(kernels), sizes),
      bound: 3e-6,
      cases: [
        { samples: 1, inputs: 1, outputs: 1, height: 1, width: 1 },
        { samples: 3, inputs: 2, outputs: 5, height: 5, width: 3 },
        { samples: 13, inputs: 5, outputs: 3, height: 7, width: 7 },
        { samples: 8, inputs: 4, outputs: 7, height: 3, width: 38 },
        { samples: 3, inputs: 6, outputs: 5, height: 35, width: 9 },
        { samples: 3, inputs: 16, outputs: 5, height: 28, width: 28 },
        { samples: 13, inputs: 33, outputs: 34, height: 7, width: 7 },
        { samples: 1, inputs: 70, outputs: 40, height: 5, width: 6 },
        { samples: 240, inputs: 4, outputs: 16, height: 14, width: 14 },
        { samples: 24, inputs: 16, outputs: 16, height: 14, width: 14 },
        { samples: 240, inputs: 32, outputs: 16, height: 7, width: 7 },
      ],
    });

    test("differs from the direct kernel by at most 3e-6 of the largest value, also on the output of a ReLU", async () => {
      const engine = await Engine.create({ build });
      const { kernels, arena, memory } = engine;
      for (const { channels, side } of [
        { channels: 16, side: 14 },
        { channels: 32, side: 7 },
      ]) {
        const shape = { channels, height: side, width: side };
        const x = allocateImages(engine, shape, 16);
        const y = allocateImages(engine, shape, 16);
        writeImages(
          engine,
          x,
          randomValues(16 * channels * side * side, 1).map((value) => Math.max(0, value)),
        );
        const weight = arena.allocate(36 * channels * channels);
        memory.floats(weight, 9 * channels * channels).set(randomValues(9 * channels * channels, 2));
        const results = (["Direct", "Winograd"] as const).map((method) => {
          const weights = arena.allocate(kernels[`convolution${method}WeightBytes`](channels, channels));
          const scratch = arena.allocate(kernels[`convolution${method}Scratch`](channels, channels));
          kernels[`convolution${method}Weights`](weight, 0, weights, channels, channels, 0);
          kernels[`convolution${method}`](
            weights,
            x.pointer,
            x.groupStride,
            y.pointer,
            y.groupStride,
            channels,
            channels,
            x.groups,
            side,
            side,
            0,
            0,
            0,
            scratch,
          );
          return readImages(engine, y);
        });
        assert.ok(relativeError(results[1], results[0]) < 3e-6);
      }
    });
  });
}

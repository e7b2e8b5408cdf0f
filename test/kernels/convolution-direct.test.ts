import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { direct, directGradient, forward, separately } from "../../src/nn/convolution-methods.js";
import { testConvolutionKernels } from "./convolution-battery.js";
import {
  randomValues,
  referenceConvolution,
  referenceGradients,
  relativeError,
} from "./convolution-reference.js";

test("the reference gradients agree with finite differences", () => {
  const sizes = { samples: 2, inputs: 2, outputs: 3, height: 4, width: 3 };
  const weight = Float64Array.from(randomValues(54, 1));
  const bias = Float64Array.from(randomValues(3, 2));
  const x = Float64Array.from(randomValues(48, 3));
  const dy = Float64Array.from(randomValues(72, 4));
  const value = () => referenceConvolution(sizes, weight, bias, x).reduce((sum, y, i) => sum + y * dy[i], 0);
  const differences = (variables: Float64Array) =>
    variables.map((_, i) => {
      const kept = variables[i];
      variables[i] = kept + 1e-4;
      const above = value();
      variables[i] = kept - 1e-4;
      const below = value();
      variables[i] = kept;
      return (above - below) / 2e-4;
    });
  const { dx, dWeight, dBias } = referenceGradients(sizes, weight, x, dy);
  assert.ok(relativeError(dx, differences(x)) < 1e-9);
  assert.ok(relativeError(dWeight, differences(weight)) < 1e-9);
  assert.ok(relativeError(dBias, differences(bias)) < 1e-9);
});

for (const build of ["plain", "relaxed"] as const) {
  describe(`direct convolution, ${build} build`, () => {
    testConvolutionKernels({
      build,
      forward: (kernels, sizes) => forward(direct(kernels), sizes),
      backward: (kernels, sizes) => separately(direct(kernels), directGradient(kernels), sizes),
      bound: 1e-6,
      cases: [
        { samples: 1, inputs: 1, outputs: 1, height: 1, width: 1 },
        { samples: 3, inputs: 2, outputs: 5, height: 5, width: 3 },
        { samples: 8, inputs: 3, outputs: 2, height: 3, width: 5 },
        { samples: 13, inputs: 5, outputs: 3, height: 7, width: 7 },
        { samples: 13, inputs: 16, outputs: 6, height: 14, width: 14 },
        { samples: 3, inputs: 1, outputs: 16, height: 28, width: 28 },
        { samples: 240, inputs: 2, outputs: 16, height: 14, width: 14 },
        { samples: 240, inputs: 3, outputs: 1, height: 7, width: 7 },
      ],
    });
  });
}

import { describe } from "node:test";
import { backwardOfSevens, forwardOfSevens } from "../../src/nn/convolution-methods.js";
import { testConvolutionKernels } from "./convolution-battery.js";

for (const build of ["plain", "relaxed"] as const) {
  describe(`Winograd convolution in tiles of 7x7, ${build} build`, () => {
    testConvolutionKernels({
      build,
      forward: forwardOfSevens,
      backward: backwardOfSevens,
      bound: 6e-5,
      cases: [
        { samples: 1, inputs: 1, outputs: 1, height: 7, width: 7 },
        { samples: 13, inputs: 5, outputs: 3, height: 7, width: 7 },
        { samples: 8, inputs: 4, outputs: 7, height: 7, width: 35 },
        { samples: 3, inputs: 6, outputs: 5, height: 28, width: 14 },
        { samples: 3, inputs: 16, outputs: 5, height: 28, width: 28 },
        { samples: 13, inputs: 33, outputs: 34, height: 7, width: 7 },
        { samples: 1, inputs: 70, outputs: 40, height: 7, width: 14 },
        { samples: 240, inputs: 2, outputs: 16, height: 14, width: 14 },
        { samples: 24, inputs: 16, outputs: 16, height: 14, width: 14 },
        { samples: 240, inputs: 32, outputs: 16, height: 7, width: 7 },
      ],
    });
  });
}

import { convolutionCosts } from "./convolution-costs.js";
import { denseCosts } from "./dense-costs.js";
import { densityCosts } from "./density-costs.js";
import { flowCosts } from "./flow-costs.js";
import { imageCosts } from "./image-costs.js";
import type { KernelCosts } from "./kernel-cost.js";

/** The costs of all kernels, for one sequence of calls. */
export const kernelCosts = (): KernelCosts => ({
  ...denseCosts,
  ...densityCosts,
  ...flowCosts,
  ...imageCosts,
  ...convolutionCosts(),
});

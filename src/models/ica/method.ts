import { choice, decimal, seedOption, wholeNumber } from "../../options.js";
import { linearOptions } from "../linear/options.js";
import { defineMethod } from "../method.js";
import { ALGORITHMS, CONTRASTS } from "./contrast.js";

export const icaFitOptions = {
  ...linearOptions,
  algorithm: choice("find all latents at once or one after the other (default: symmetric)", ALGORITHMS),
  contrast: choice("function that measures how far from Gaussian a latent is (default: logcosh)", CONTRASTS),
  tolerance: decimal("a run has converged when no direction changes by more (default: 0.0001)", { above: 0 }),
  iterations: wholeNumber("iterations of a run at most (default: 200)", { min: 1, max: 1_000_000 }),
  attempts: wholeNumber("runs from other starts, at most, until one converges (default: 5)", {
    min: 1,
    max: 1000,
  }),
  seed: seedOption,
} as const;

export const ica = defineMethod({
  name: "ica",
  title: "FastICA",
  summary: "the directions in which the data are least Gaussian",
  needsCondition: false,
  identifiedBy: "non-Gaussianity",
  options: icaFitOptions,
  load: async () => {
    const { planIca, openIca } = await import("./ica.js");
    return { plan: planIca, open: openIca };
  },
});

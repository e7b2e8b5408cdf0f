import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { choice, decimal, seedOption, threadsOption, wholeNumber } from "../../options.js";
import { heldOutOption, standardiseOption } from "../fit-options.js";
import { defineMethod } from "../method.js";
import { PRESETS, PRIORS } from "./configuration.js";

/** Options of a fit of GIN; {@link GinOptions} says more of each. */
export const ginFitOptions = {
  preset: choice("the network (default: auto, by the data)", PRESETS),
  blocks: wholeNumber("dense coupling blocks (default: 8; images 2)", { min: 1, max: 1000 }),
  width: wholeNumber(
    "hidden units of the dense subnets (default: features, at least 10; images half the pixels)",
    { min: 1, max: 100_000 },
  ),
  depth: wholeNumber("hidden layers of the dense subnets (default: 2)", { max: 100 }),
  volume: choice("volume preservation of the couplings (default: mean)", VOLUME_PRESERVATIONS),
  prior: choice(
    "class statistics as parameters or from mini-batches (default: trainable; images empirical)",
    PRIORS,
  ),
  standardise: standardiseOption,
  epochs: wholeNumber(
    "passes over the data; 0 leaves the model untrained (default: until converged; images 95)",
  ),
  finalEpochs: wholeNumber(
    "how many of the epochs, the last ones, run at a tenth of the learning rate (default: two fifths)",
  ),
  batch: wholeNumber("samples in a mini-batch (default: 1000; images 240)", { min: 1 }),
  lr: decimal("learning rate at the start (default: 0.01; images 0.0003)", { above: 0, max: 10 }),
  priorLr: decimal("learning rate of the trainable prior (default: five times --lr, and at least 0.01)", {
    above: 0,
    max: 10,
  }),
  noise: decimal("standard deviation of the noise added to each sample (default: 0.01)", { min: 0 }),
  heldOut: heldOutOption,
  clip: decimal("largest norm of the gradient (default: no limit)", { above: 0 }),
  restarts: wholeNumber(
    "fits from different weights, of which the best on held-out data is kept (default: 1)",
    { min: 1, max: 1000 },
  ),
  seed: seedOption,
  threads: threadsOption,
} as const;

export const gin = defineMethod({
  name: "gin",
  title: "GIN",
  summary: "a volume-preserving flow under which the latents of each class are independent",
  needsCondition: true,
  streams: true,
  options: ginFitOptions,
  load: async () => {
    const [{ planGin }, { openGin }] = await Promise.all([import("./plan.js"), import("./load.js")]);
    return { plan: planGin, open: openGin };
  },
});

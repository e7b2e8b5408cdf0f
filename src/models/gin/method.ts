import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { choice, wholeNumber } from "../../options.js";
import { heldOutOption, priorLrOption, standardiseOption, trainedFitOptions } from "../fit-options.js";
import { defineMethod } from "../method.js";
import { PRESETS, PRIORS } from "./configuration.js";

const { width, depth, epochs, finalEpochs, batch, lr, noise, clip, restarts, seed, threads } =
  trainedFitOptions;

/** Options of a fit of GIN; {@link GinOptions} says more of each. */
export const ginFitOptions = {
  preset: choice("the network (default: auto, by the data)", PRESETS),
  blocks: wholeNumber("dense coupling blocks (default: 8; images 2)", { min: 1, max: 1000 }),
  width,
  depth,
  volume: choice("volume preservation of the couplings (default: mean)", VOLUME_PRESERVATIONS),
  prior: choice(
    "class statistics as parameters or from mini-batches (default: trainable; images empirical)",
    PRIORS,
  ),
  standardise: standardiseOption,
  epochs,
  finalEpochs,
  batch,
  lr,
  priorLr: priorLrOption,
  noise,
  heldOut: heldOutOption,
  clip,
  restarts,
  seed,
  threads,
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

import { LATENT_FAMILIES } from "../../distributions/latent-family.js";
import { choice, decimal } from "../../options.js";
import {
  flowFitOptions,
  heldOutOption,
  priorLrOption,
  standardiseOption,
  trainedFitOptions,
} from "../fit-options.js";
import { defineMethod } from "../method.js";
import { PRIORS } from "./configuration.js";

const { epochs, finalEpochs, batch, lr, noise, clip, restarts, seed, threads } = trainedFitOptions;

/** Options of a fit of GIN; {@link GinOptions} says more of each. */
export const ginFitOptions = {
  ...flowFitOptions,
  prior: choice(
    "class statistics as parameters or from mini-batches (default: trainable; images empirical)",
    PRIORS,
  ),
  latent: choice(
    "family of each latent in a class; values of all but the normal are positive, those of beta between 0 and 1 (default: normal)",
    LATENT_FAMILIES,
  ),
  standardise: standardiseOption,
  epochs,
  finalEpochs,
  batch,
  lr,
  priorLr: priorLrOption,
  noise,
  stepMemory: decimal(
    "MiB that a thread's step keeps at most for its way back; larger batches are taken in parts (default: 26, on several threads 13)",
    { above: 0, max: 1e6 },
  ),
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
  takes: "all",
  identifiedBy: "condition",
  streams: true,
  splitsLabels: true,
  options: ginFitOptions,
  load: async () => {
    const [{ planGin }, { openGin }] = await Promise.all([import("./plan.js"), import("./load.js")]);
    return { plan: planGin, open: openGin };
  },
});

import { augmentations } from "../../augment/augmentations.js";
import { choice, text, wholeNumber } from "../../options.js";
import { flowFitOptions, heldOutOption, standardiseOption, trainedFitOptions } from "../fit-options.js";
import { defineMethod } from "../method.js";
import { SET_STATISTICS } from "./set-statistics.js";

const { epochs, finalEpochs, batch, lr, noise, clip, restarts, seed, threads } = trainedFitOptions;

const forms = augmentations.map(({ form, summary }) => `${form.split(" or ")[0]} ${summary}`).join("; ");

/** Options of a fit of self-supervised GIN; {@link SslOptions} says more of each. */
export const sslFitOptions = {
  augment: text(
    `what makes other samples of a sample, separated by commas: ${forms}`,
    "a=x,b=y",
    "augmentations such as translate=0.1,rotate=5 or noise:x1,x2=1",
  ),
  copies: wholeNumber(
    "augmented copies in the set of a sample, made by the combinations of --augment in turn (default: one of each, at least 7)",
    { min: 1, max: 1000 },
  ),
  setStatistics: choice(
    "where the Gaussian of a set comes from: its members' latents, or an encoder of the sample (default: empirical)",
    SET_STATISTICS,
  ),
  ...flowFitOptions,
  standardise: standardiseOption,
  epochs,
  finalEpochs,
  batch,
  lr,
  noise,
  heldOut: heldOutOption,
  clip,
  restarts,
  seed,
  threads,
} as const;

export const ssl = defineMethod({
  name: "ssl",
  title: "Self-supervised GIN",
  summary: "GIN without classes: augmented copies of a sample share a Gaussian",
  needsCondition: false,
  identifiedBy: "augmentation",
  options: sslFitOptions,
  load: async () => {
    const [{ planSsl }, { openSsl }] = await Promise.all([import("./plan.js"), import("./load.js")]);
    return { plan: planSsl, open: openSsl };
  },
});

import { wholeNumber } from "../../options.js";
import { heldOutOption, latentsOption, standardiseOption, trainedFitOptions } from "../fit-options.js";
import { defineMethod } from "../method.js";

const { width, depth, ...training } = trainedFitOptions;

export const tclFitOptions = {
  latents: latentsOption,
  width,
  depth,
  pieces: wholeNumber("linear pieces of a maxout unit (default: 2)", { min: 2, max: 100 }),
  standardise: standardiseOption,
  ...training,
  heldOut: heldOutOption,
} as const;

export const tcl = defineMethod({
  name: "tcl",
  title: "TCL",
  summary: "time-contrastive learning: independent components of features that tell segments apart",
  needsCondition: true,
  identifiedBy: "contrast",
  progressTells: "log-probability of the class",
  options: tclFitOptions,
  load: async () => {
    const [{ planTcl }, { openTcl }] = await Promise.all([import("./plan.js"), import("./load.js")]);
    return { plan: planTcl, open: openTcl };
  },
});

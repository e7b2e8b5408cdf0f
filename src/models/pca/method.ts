import { seedOption } from "../../options.js";
import { linearOptions } from "../linear/options.js";
import { defineMethod } from "../method.js";

export const pcaFitOptions = { ...linearOptions, seed: seedOption } as const;

export const pca = defineMethod({
  name: "pca",
  title: "PCA",
  summary: "the orthogonal directions in which the data vary most",
  needsCondition: false,
  options: pcaFitOptions,
  load: async () => {
    const { planPca, openPca } = await import("./pca.js");
    return { plan: planPca, open: openPca };
  },
});

/** Definitions change with their version; values of one version compare. */
export const METRICS = {
  mcc: {
    version: "mcc/1",
    definition: "mean |correlation| of true components with latents under the best one-to-one assignment",
  },
  weakMcc: {
    version: "weak-mcc/1",
    definition:
      "sum of the canonical correlations of true components and latents, divided by the number of components",
  },
  r2: {
    version: "r2/1",
    definition: "R^2 of each true component, predicted from all latents by least squares with intercept",
  },
  dci: {
    version: "dci/1",
    definition:
      "disentanglement and completeness with squared coefficients of standardised least squares as importance; " +
      "informativeness is the mean R^2 out of sample, at least 0",
  },
} as const;

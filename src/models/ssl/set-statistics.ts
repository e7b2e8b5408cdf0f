/** Where the Gaussian of a set comes from: from the latents of its members, or from an encoder of the sample. */
export const SET_STATISTICS = ["empirical", "encoder"] as const;
export type SetStatistics = (typeof SET_STATISTICS)[number];

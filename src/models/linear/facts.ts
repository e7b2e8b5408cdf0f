import { z } from "zod";
import { STANDARDISATIONS } from "../choose-preprocessing.js";
import { commonFacts } from "../facts.js";

/** Settings that all linear methods have. */
export const linearConfiguration = {
  /** Latents; null: as many as there are directions in which the data vary. */
  components: z.int().positive().nullable(),
  /** Whether every latent has standard deviation 1. */
  whiten: z.boolean(),
  standardise: z.enum(STANDARDISATIONS),
  heldOut: z.number(),
  seed: z.int(),
  threads: z.int(),
} as const;

/** What the file of a linear model says about itself beside its tensors; methods add to the configuration. */
export const linearFactsSchema = z.object({
  configuration: z.object(linearConfiguration),
  ...commonFacts,
  /** Variances along all principal components of the preprocessed training data, largest first. */
  variances: z.array(z.number()).readonly(),
  /** log of the factor by which the map changes volumes within the directions that it keeps. */
  logVolume: z.number(),
  /**
   * Variance of the preprocessed data in each direction that the latents leave out, for the likelihood; null where
   * they leave none out, 0 where there is next to none.
   */
  residual: z.number().min(0).nullable(),
  /** How the fit went, in words. */
  course: z.string(),
  /** Mean log p(x|u) per sample and dimension, in nats; null where there is no density or nothing was held out. */
  logLikelihood: z.object({ train: z.number().nullable(), heldOut: z.number().nullable() }),
});

export type LinearFacts = z.infer<typeof linearFactsSchema>;
export type LinearConfiguration = LinearFacts["configuration"];

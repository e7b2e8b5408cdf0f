import { z } from "zod";
import { augmentationSpecs } from "../../augment/augmentations.js";
import { STANDARDISATIONS } from "../choose-preprocessing.js";
import { commonFacts } from "../facts.js";
import { architectureSchema, networkSettings } from "../flow/configuration.js";
import { trainedSettings } from "../trained/configuration.js";
import { SET_STATISTICS } from "./set-statistics.js";

export const configurationSchema = z.object({
  augment: augmentationSpecs.nullable(),
  copies: z.int().nullable(),
  setStatistics: z.enum(SET_STATISTICS),
  ...networkSettings,
  standardise: z.enum(STANDARDISATIONS),
  ...trainedSettings,
});

/** What the file of a self-supervised GIN says about itself beside its tensors. */
export const sslFactsSchema = z.object({
  configuration: configurationSchema,
  architecture: architectureSchema,
  /**
   * Spread of each latent within sets: the root mean square over sets of its standard deviation in each, measured on
   * training samples without the noise of training; units of the data.
   */
  within: z.array(z.number()).readonly(),
  ...commonFacts,
});

export type SslFacts = z.infer<typeof sslFactsSchema>;

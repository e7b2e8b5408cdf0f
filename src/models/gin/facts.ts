import { z } from "zod";
import { LATENT_FAMILIES } from "../../distributions/latent-family.js";
import { STANDARDISATIONS } from "../choose-preprocessing.js";
import { commonFacts } from "../facts.js";
import { architectureSchema, networkSettings } from "../flow/configuration.js";
import { trainedSettings } from "../trained/configuration.js";
import { PRIOR_KINDS } from "./configuration.js";

const finite = z.number();

// The order of keys is that of files of version 1.
const { batch, schedule, ...otherSettings } = trainedSettings;

export const configurationSchema = z.object({
  ...networkSettings,
  prior: z.enum(PRIOR_KINDS),
  latent: z.enum(LATENT_FAMILIES).optional(),
  standardise: z.enum(STANDARDISATIONS),
  batch,
  schedule,
  priorLearningRate: finite,
  stepMemory: finite.optional(),
  ...otherSettings,
});

/** What the file of a GIN says about itself beside its tensors. */
export const ginFactsSchema = z.object({
  configuration: configurationSchema,
  architecture: architectureSchema,
  ...commonFacts,
});

export type GinFacts = z.infer<typeof ginFactsSchema>;

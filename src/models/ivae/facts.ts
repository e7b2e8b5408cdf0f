import { z } from "zod";
import { ACTIVATIONS } from "../../nn/activation.js";
import { FAMILIES } from "../../priors/location-scale.js";
import { STANDARDISATIONS } from "../choose-preprocessing.js";
import { commonFacts } from "../facts.js";
import { trainedSettings } from "../trained/configuration.js";
import { ENCODERS, KINDS } from "./configuration.js";
import { OBSERVATIONS } from "./observation.js";
import { POSTERIORS } from "./posterior.js";

const finite = z.number();

export const configurationSchema = z.object({
  kind: z.enum(KINDS),
  latents: z.int().nullable(),
  width: z.int().positive(),
  depth: z.int().min(0),
  activation: z.enum(ACTIVATIONS),
  skip: z.boolean().default(false),
  posterior: z.enum(POSTERIORS).nullable().default("diagonal"),
  importanceSamples: z.int().positive().default(1),
  encoder: z.enum(ENCODERS),
  prior: z.enum(["learned", "zero-mean", "standard"]),
  family: z.enum(FAMILIES),
  decoder: z.enum(OBSERVATIONS),
  decoderVariance: finite.nullable(),
  weights: z.object({
    reconstruction: finite,
    information: finite,
    correlation: finite,
    dimensions: finite,
  }),
  anneal: z.int(),
  standardise: z.enum(STANDARDISATIONS),
  priorLearningRate: finite,
  ...trainedSettings,
});

/** What the file of an iVAE or of its kin says about itself beside its tensors. */
export const ivaeFactsSchema = z.object({
  configuration: configurationSchema,
  /** Number of latents. */
  latents: z.int().positive(),
  ...commonFacts,
});

export type IvaeFacts = z.infer<typeof ivaeFactsSchema>;

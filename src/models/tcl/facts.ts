import { z } from "zod";
import { STANDARDISATIONS } from "../choose-preprocessing.js";
import { commonFacts } from "../facts.js";
import { trainedSettings } from "../trained/configuration.js";

export const configurationSchema = z.object({
  latents: z.int().nullable(),
  width: z.int().positive(),
  depth: z.int().min(0),
  pieces: z.int().min(2),
  standardise: z.enum(STANDARDISATIONS),
  ...trainedSettings,
});

const share = z.number().min(0).max(1);

/** What the file of a TCL says about itself beside its tensors. */
export const tclFactsSchema = z.object({
  configuration: configurationSchema,
  /** Features that the classes are told by. */
  features: z.int().positive(),
  /** Independent components of the features, fewer where features never change or follow from others. */
  latents: z.int().positive(),
  /** Share of the samples whose class is told right; `chance`: that of the most frequent class. */
  accuracy: z.object({ train: share, heldOut: share.nullable(), chance: share }),
  /** How FastICA came to the components of the features. */
  unmixing: z.object({ converged: z.boolean(), iterations: z.int() }),
  ...commonFacts,
});

export type TclFacts = z.infer<typeof tclFactsSchema>;

import { z } from "zod";
import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { commonFacts, shapeSchema } from "../facts.js";
import { STANDARDISATIONS } from "../preprocessing.js";
import { trainedSettings } from "../trained/configuration.js";
import { PRIORS } from "./configuration.js";

const finite = z.number();

// The order of keys is that of files of version 1.
const { batch, schedule, ...otherSettings } = trainedSettings;

export const configurationSchema = z.object({
  preset: z.enum(["vector", "image"]),
  blocks: z.int().nullable(),
  width: z.int().nullable(),
  depth: z.int().nullable(),
  volume: z.enum(VOLUME_PRESERVATIONS),
  prior: z.enum(PRIORS),
  standardise: z.enum(STANDARDISATIONS),
  batch,
  schedule,
  priorLearningRate: finite,
  ...otherSettings,
});

const stageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["dense", "convolutional"]),
    blocks: z.int().positive(),
    width: z.int().positive(),
    depth: z.int().min(0),
  }),
  z.object({ kind: z.literal("downsample") }),
  z.object({ kind: z.literal("flatten") }),
]);

/** What the file of a GIN says about itself beside its tensors. */
export const ginFactsSchema = z.object({
  configuration: configurationSchema,
  architecture: z.object({
    input: shapeSchema,
    volume: z.enum(VOLUME_PRESERVATIONS),
    stages: z.array(stageSchema).readonly(),
  }),
  ...commonFacts,
});

export type GinFacts = z.infer<typeof ginFactsSchema>;

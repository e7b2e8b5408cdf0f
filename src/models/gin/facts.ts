import { z } from "zod";
import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { STANDARDISATIONS } from "../preprocessing.js";
import { PRIORS } from "./configuration.js";

const shape = z.object({ channels: z.int(), height: z.int(), width: z.int() });
const finite = z.number();

const scheduleSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("plateau"),
    learningRate: finite,
    factor: finite,
    phases: z.int(),
    patience: z.int(),
    threshold: finite,
    longestPhase: z.int(),
  }),
  z.object({
    kind: z.literal("fixed"),
    learningRate: finite,
    factor: finite,
    epochs: z.int(),
    finalEpochs: z.int(),
  }),
]);

export const configurationSchema = z.object({
  preset: z.enum(["vector", "image"]),
  blocks: z.int().nullable(),
  width: z.int().nullable(),
  depth: z.int().nullable(),
  volume: z.enum(VOLUME_PRESERVATIONS),
  prior: z.enum(PRIORS),
  standardise: z.enum(STANDARDISATIONS),
  batch: z.int(),
  schedule: scheduleSchema,
  priorLearningRate: finite,
  noise: finite,
  heldOut: finite,
  clip: finite.nullable(),
  restarts: z.int(),
  seed: z.int(),
  threads: z.int(),
});

const preprocessingSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("vector"),
    width: z.int(),
    kept: z.array(z.int()).readonly(),
    constants: z.array(z.object({ column: z.int(), value: finite })).readonly(),
    center: z.array(finite).readonly(),
    scale: z.array(finite).readonly(),
    unit: finite,
  }),
  z.object({ kind: z.literal("image"), image: shape, padded: shape, unit: z.literal(1) }),
]);

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

/** What a model file says about itself beside its tensors: all of it plain data. */
export const ginFactsSchema = z.object({
  configuration: configurationSchema,
  architecture: z.object({
    input: shape,
    volume: z.enum(VOLUME_PRESERVATIONS),
    stages: z.array(stageSchema).readonly(),
  }),
  preprocessing: preprocessingSchema,
  data: z.object({
    name: z.string(),
    samples: z.int(),
    featureNames: z.array(z.string()).readonly(),
  }),
  condition: z.object({
    name: z.string(),
    classes: z.array(z.string()).min(1).readonly(),
    /** Training samples of each class. */
    counts: z.array(z.int()).readonly(),
  }),
  /**
   * Spread of each latent within the classes: the root mean square over the classes of its standard deviation in
   * each, measured on all training samples without the noise of training; units of the data.
   */
  sigma: z.array(finite).readonly(),
  /** Standard deviation of each latent over all training samples, class means included; units of the data. */
  std: z.array(finite).readonly(),
  notes: z.array(z.string()).readonly(),
  history: z
    .array(
      z.object({
        epoch: z.int(),
        learningRate: finite,
        trainLogLikelihood: finite,
        heldOutLogLikelihood: finite.nullable(),
      }),
    )
    .readonly(),
  /** One line a restart: its seed and the held-out log-likelihood (or, without held-out data, that of training). */
  restarts: z
    .array(z.object({ seed: z.int(), logLikelihood: finite.nullable(), kept: z.boolean() }))
    .readonly(),
  /** Seed of the network that was kept. */
  seed: z.int(),
});

export type GinFacts = z.infer<typeof ginFactsSchema>;

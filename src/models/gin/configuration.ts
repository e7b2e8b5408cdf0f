import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { STANDARDISATIONS } from "../preprocessing.js";
import {
  expectOptions,
  resolveTrained,
  type TrainedConfiguration,
  type TrainedDefaults,
  type TrainedOptions,
  trainedOptions,
} from "../trained/configuration.js";

export const PRESETS = ["auto", "vector", "image"] as const;
export const PRIORS = ["trainable", "empirical"] as const;

const count = z.int().positive();

/** What a user may say about a fit of GIN; see {@link GinOptions}. */
export const ginOptionsSchema = z.strictObject({
  preset: z.enum(PRESETS).optional(),
  blocks: count.max(1000).optional(),
  width: count.max(100_000).optional(),
  depth: z.int().min(0).max(100).optional(),
  volume: z.enum(VOLUME_PRESERVATIONS).optional(),
  prior: z.enum(PRIORS).optional(),
  standardise: z.enum(STANDARDISATIONS).optional(),
  priorLearningRate: z.number().positive().max(10).optional(),
  ...trainedOptions,
});

/**
 * Options of a fit; everything has a default. Batches have 1000 samples, of images 240; the learning rate is 1e-2, for
 * images 3e-4; images are trained for 95 epochs; the noise is 0.01; threads pay from 4096 values in a batch.
 */
export interface GinOptions extends TrainedOptions {
  /** The network: dense couplings, or the image network. Default `auto`: by the data. */
  readonly preset?: (typeof PRESETS)[number] | undefined;
  /** Number of dense coupling blocks. Default 8 for vectors, 2 for images. */
  readonly blocks?: number | undefined;
  /** Hidden units of the dense subnets. Default: the number of features, at least 10; for images half the pixels. */
  readonly width?: number | undefined;
  /** Hidden layers of the dense subnets. Default 2. */
  readonly depth?: number | undefined;
  /** Volume preservation of the couplings. Default `mean`. */
  readonly volume?: (typeof VOLUME_PRESERVATIONS)[number] | undefined;
  /**
   * Whether means and standard deviations are parameters or mini-batch statistics. Default `trainable`, for images
   * `empirical`: there, parameters that follow in small steps hold the flow back for tens of epochs.
   */
  readonly prior?: (typeof PRIORS)[number] | undefined;
  /** How vectors are standardised. Default `auto`. */
  readonly standardise?: (typeof STANDARDISATIONS)[number] | undefined;
  /**
   * Learning rate of the trainable prior's means and log standard deviations, which falls as the other does.
   * Default: five times `learningRate`, and at least 1e-2: they must follow the flow, not hold it back.
   */
  readonly priorLearningRate?: number | undefined;
}

/** Options with every default filled in. */
export interface GinConfiguration extends TrainedConfiguration {
  readonly preset: "vector" | "image";
  readonly blocks: number | null;
  readonly width: number | null;
  readonly depth: number | null;
  readonly volume: (typeof VOLUME_PRESERVATIONS)[number];
  readonly prior: (typeof PRIORS)[number];
  readonly standardise: (typeof STANDARDISATIONS)[number];
  readonly priorLearningRate: number;
}

const COMMON_DEFAULTS = { noise: 0.01, threadedValues: 4096 };
const VECTOR_DEFAULTS: TrainedDefaults = { ...COMMON_DEFAULTS, batch: 1000, learningRate: 1e-2 };
const IMAGE_EPOCHS = 95;
const IMAGE_FINAL_EPOCHS = 50;
const IMAGE_DEFAULTS: TrainedDefaults = {
  ...COMMON_DEFAULTS,
  batch: 240,
  learningRate: 3e-4,
  epochs: IMAGE_EPOCHS,
};

const PRIOR_FACTOR = 5;
const SLOWEST_PRIOR = 1e-2;

/**
 * Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option that
 * is wrong.
 */
export function resolveConfiguration(options: GinOptions, dataset: Dataset, cores: number): GinConfiguration {
  expectOptions(ginOptionsSchema, options);
  const asked = options.preset ?? "auto";
  if (asked === "image" && !dataset.image) {
    throw new InputError(`option preset: found "image", but ${dataset.name} holds vectors, expected images`);
  }
  const preset = asked === "auto" ? (dataset.image ? "image" : "vector") : asked;
  const isImage = preset === "image";
  const isUsual = isImage && (options.epochs ?? IMAGE_EPOCHS) === IMAGE_EPOCHS;
  const finalEpochs = options.finalEpochs ?? (isUsual ? IMAGE_FINAL_EPOCHS : undefined);
  const standard = isImage ? IMAGE_DEFAULTS : VECTOR_DEFAULTS;
  const { batch, schedule, ...others } = resolveTrained(
    { ...options, finalEpochs },
    standard,
    dataset,
    cores,
  );
  return {
    preset,
    blocks: options.blocks ?? null,
    width: options.width ?? null,
    depth: options.depth ?? null,
    volume: options.volume ?? "mean",
    prior: options.prior ?? (isImage ? "empirical" : "trainable"),
    standardise: options.standardise ?? "auto",
    batch,
    schedule,
    priorLearningRate:
      options.priorLearningRate ?? Math.max(PRIOR_FACTOR * schedule.learningRate, SLOWEST_PRIOR),
    ...others,
  };
}

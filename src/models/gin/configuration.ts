import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import {
  type FlowConfiguration,
  type FlowOptions,
  flowOptions,
  resolvePreset,
} from "../flow/configuration.js";
import {
  expectOptions,
  resolveTrained,
  type TrainedConfiguration,
  type TrainedDefaults,
  type TrainedOptions,
  trainedOptions,
} from "../trained/configuration.js";

export const PRIORS = ["trainable", "empirical"] as const;

/** What a user may say about a fit of GIN; see {@link GinOptions}. */
export const ginOptionsSchema = z.strictObject({
  ...flowOptions,
  prior: z.enum(PRIORS).optional(),
  priorLearningRate: z.number().positive().max(10).optional(),
  ...trainedOptions,
});

/**
 * Options of a fit; everything has a default. Batches have 1000 samples, of images 240; the learning rate is 1e-2, for
 * images 3e-4; images are trained for 95 epochs; the noise is 0.01; threads pay from 4096 values in a batch.
 */
export interface GinOptions extends TrainedOptions, FlowOptions {
  /**
   * Whether means and standard deviations are parameters or mini-batch statistics. Default `trainable`, for images
   * `empirical`: there, parameters that follow in small steps hold the flow back for tens of epochs.
   */
  readonly prior?: (typeof PRIORS)[number] | undefined;
  /**
   * Learning rate of the trainable prior's means and log standard deviations, which falls as the other does.
   * Default: five times `learningRate`, and at least 1e-2: they must follow the flow, not hold it back.
   */
  readonly priorLearningRate?: number | undefined;
}

/** Options with every default filled in. */
export interface GinConfiguration extends TrainedConfiguration, FlowConfiguration {
  readonly prior: (typeof PRIORS)[number];
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
  const preset = resolvePreset(options.preset, dataset);
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

import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { isCurved, LATENT_FAMILIES, type LatentFamily } from "../../distributions/latent-family.js";
import { InputError } from "../../errors.js";
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
import type { PriorKind } from "./network.js";

export const PRIORS = ["trainable", "empirical"] as const;
/** With that of a condition that is a point, which is not a matter of choice. */
export const PRIOR_KINDS = [...PRIORS, "network"] as const;

/** What a user may say about a fit of GIN; see {@link GinOptions}. */
export const ginOptionsSchema = z.strictObject({
  ...flowOptions,
  prior: z.enum(PRIORS).optional(),
  latent: z.enum(LATENT_FAMILIES).optional(),
  priorLearningRate: z.number().positive().max(10).optional(),
  stepMemory: z.number().positive().max(1e6).optional(),
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
   * The family of each latent given the class (GIN, Table 1). The flow gives real numbers; of families on a part of the
   * real line the latents are their values on it, exp or the logistic function of them. Default `normal`. All but the
   * normal and the lognormal fix the scale of those numbers, which a volume-preserving flow is not free to choose: `volume`
   * is then `none`, and `clip` 1, as their loss rises exponentially.
   */
  readonly latent?: LatentFamily | undefined;
  /**
   * Learning rate of the trainable prior's means and log standard deviations, which falls as the other does.
   * Default: five times `learningRate`, and at least 1e-2: they must follow the flow, not hold it back; that of the
   * network of a condition that is a point: `learningRate`.
   */
  readonly priorLearningRate?: number | undefined;
  /**
   * MiB that a thread's step keeps at most for its way back, but that of 8 samples; larger batches are taken in parts,
   * whose gradients add up to that of the batch. Not with `prior: empirical`, which needs whole batches. Default 26,
   * on several threads 13.
   */
  readonly stepMemory?: number | undefined;
}

/** Options with every default filled in. */
export interface GinConfiguration extends TrainedConfiguration, FlowConfiguration {
  readonly prior: PriorKind;
  /** Absent: normal. */
  readonly latent?: LatentFamily | undefined;
  readonly priorLearningRate: number;
  /** Absent: the default. */
  readonly stepMemory?: number | undefined;
}

const CURVED_CLIP = 1;

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

/** The prior that a condition allows. */
function priorOf({ prior }: GinOptions, { condition }: Dataset, isImage: boolean): PriorKind {
  if (condition?.values) {
    if (prior === undefined) return "network";
    throw new InputError(
      `option prior: found ${prior} with a condition that is a point, whose prior is a network, expected none`,
    );
  }
  const isUncertain = condition?.probabilities !== undefined || condition?.labels.includes(-1);
  if (!isUncertain) return prior ?? (isImage ? "empirical" : "trainable");
  if (prior !== "empirical") return "trainable";
  throw new InputError(
    "option prior: found empirical where not every sample has one class, expected trainable: a mini-batch has no statistics of such classes",
  );
}

/** Throws InputError where a family that is no normal on the real line goes with data or a prior that know only that. */
function checkLatent(
  latent: LatentFamily | undefined,
  { image, condition }: Dataset,
  prior: PriorKind,
): void {
  if (!isCurved(latent)) return;
  const isUncertain = condition?.probabilities !== undefined || condition?.labels.includes(-1);
  const reason = image
    ? "for images"
    : prior === "network"
      ? "with a condition that is a point"
      : isUncertain && "where not every sample has one class";
  if (reason) throw new InputError(`option latent: found ${latent} ${reason}, expected normal or lognormal`);
  if (prior === "empirical") {
    throw new InputError(
      `option prior: found empirical with latent ${latent}, expected trainable: batches give the statistics of normal latents only`,
    );
  }
}

const PRIOR_FACTOR = 5;
const SLOWEST_PRIOR = 1e-2;

/** Tables must follow the flow; the weights of a network would run away at such a rate. */
const priorRate = (prior: PriorKind, rate: number): number =>
  prior === "network" ? rate : Math.max(PRIOR_FACTOR * rate, SLOWEST_PRIOR);

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
    { ...options, finalEpochs, clip: options.clip ?? (isCurved(options.latent) ? CURVED_CLIP : undefined) },
    standard,
    dataset,
    cores,
  );
  const prior = priorOf(options, dataset, isImage);
  checkLatent(options.latent, dataset, prior);
  const { stepMemory } = options;
  if (stepMemory !== undefined && prior === "empirical") {
    throw new InputError(
      `option stepMemory: found ${stepMemory} with prior empirical, expected trainable: statistics are those of whole batches`,
    );
  }
  return {
    preset,
    blocks: options.blocks ?? null,
    width: options.width ?? null,
    depth: options.depth ?? null,
    volume: options.volume ?? (isCurved(options.latent) ? "none" : "mean"),
    prior,
    ...(options.latent !== undefined && options.latent !== "normal" && { latent: options.latent }),
    standardise: options.standardise ?? "auto",
    batch,
    schedule,
    priorLearningRate: options.priorLearningRate ?? priorRate(prior, schedule.learningRate),
    ...(stepMemory !== undefined && { stepMemory }),
    ...others,
  };
}

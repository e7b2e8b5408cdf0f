import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import type { ScheduleOptions } from "../../nn/schedule.js";
import { STANDARDISATIONS } from "../preprocessing.js";

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
  batch: count.optional(),
  learningRate: z.number().positive().max(10).optional(),
  priorLearningRate: z.number().positive().max(10).optional(),
  epochs: z.int().min(0).optional(),
  finalEpochs: z.int().min(0).optional(),
  noise: z.number().min(0).optional(),
  heldOut: z.number().min(0).max(0.9).optional(),
  clip: z.number().positive().optional(),
  restarts: count.max(1000).optional(),
  seed: z.int().min(0).max(4294967295).optional(),
  threads: count.max(256).optional(),
});

/** Options of a fit; everything has a default. */
export interface GinOptions {
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
  /** Samples in a mini-batch. Default 1000, for images 240. */
  readonly batch?: number | undefined;
  /** Adam's learning rate at the start; it ends at a tenth. Default 1e-2, for images 3e-4. */
  readonly learningRate?: number | undefined;
  /**
   * Learning rate of the trainable prior's means and log standard deviations, which falls as the other does.
   * Default: five times `learningRate`, and at least 1e-2: they must follow the flow, not hold it back.
   */
  readonly priorLearningRate?: number | undefined;
  /** Passes over the training data. Default: until the loss has converged; for images 95. 0 leaves it untrained. */
  readonly epochs?: number | undefined;
  /** How many of `epochs`, the last ones, run at a tenth of the learning rate. Default: two fifths of them. */
  readonly finalEpochs?: number | undefined;
  /** Standard deviation of the noise added to each sample each time, in units of the standardised data. Default 0.01. */
  readonly noise?: number | undefined;
  /** Share of the samples that is held out. Default 0.1. */
  readonly heldOut?: number | undefined;
  /** Largest norm of the gradient. Default: no limit. */
  readonly clip?: number | undefined;
  /** Independent fits, of which the one with the best held-out likelihood is kept. Default 1. */
  readonly restarts?: number | undefined;
  /** Seed of everything random, 0 to 2^32 - 1. Default 0. */
  readonly seed?: number | undefined;
  /**
   * Threads to train on. Default: all cores where a batch holds 4096 values or more, else one. The result depends
   * on it in the last bits, since sums are taken in another order.
   */
  readonly threads?: number | undefined;
}

/** Options with every default filled in. */
export interface GinConfiguration {
  readonly preset: "vector" | "image";
  readonly blocks: number | null;
  readonly width: number | null;
  readonly depth: number | null;
  readonly volume: (typeof VOLUME_PRESERVATIONS)[number];
  readonly prior: (typeof PRIORS)[number];
  readonly standardise: (typeof STANDARDISATIONS)[number];
  readonly batch: number;
  readonly schedule: ScheduleOptions;
  readonly priorLearningRate: number;
  readonly noise: number;
  readonly heldOut: number;
  readonly clip: number | null;
  readonly restarts: number;
  readonly seed: number;
  readonly threads: number;
}

/** Steps of training without progress that end a phase of the plateau rule. */
const PATIENCE_STEPS = 250;
const LONGEST_PHASE_STEPS = 2000;
const FINAL_FACTOR = 0.1;
const PRIOR_FACTOR = 5;
const SLOWEST_PRIOR = 1e-2;

/** Values in a batch from which on threads pay. */
const THREADED_VALUES = 4096;

/**
 * Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option that
 * is wrong.
 */
export function resolveConfiguration(options: GinOptions, dataset: Dataset, cores: number): GinConfiguration {
  const result = ginOptionsSchema.safeParse(options);
  if (!result.success) {
    const issue = result.error.issues[0];
    const path = issue.path.join(".");
    const found = path ? JSON.stringify((options as Record<string, unknown>)[path]) : "these options";
    throw new InputError(`option ${path || "list"}: found ${found}, ${issue.message}`);
  }
  const asked = options.preset ?? "auto";
  if (asked === "image" && !dataset.image) {
    throw new InputError(`option preset: found "image", but ${dataset.name} holds vectors, expected images`);
  }
  const preset = asked === "auto" ? (dataset.image ? "image" : "vector") : asked;
  const isImage = preset === "image";
  const batch = options.batch ?? (isImage ? 240 : 1000);
  const heldOut = options.heldOut ?? 0.1;
  const schedule = resolveSchedule(options, isImage, Math.ceil((dataset.samples * (1 - heldOut)) / batch));
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
    noise: options.noise ?? 0.01,
    heldOut,
    clip: options.clip ?? null,
    restarts: options.restarts ?? 1,
    seed: options.seed ?? 0,
    threads:
      options.threads ?? (Math.min(batch, dataset.samples) * dataset.width >= THREADED_VALUES ? cores : 1),
  };
}

function resolveSchedule(options: GinOptions, isImage: boolean, stepsPerEpoch: number): ScheduleOptions {
  const learningRate = options.learningRate ?? (isImage ? 3e-4 : 1e-2);
  const epochs = options.epochs ?? (isImage ? 95 : undefined);
  if (epochs !== undefined) {
    const finalEpochs = options.finalEpochs ?? (isImage && epochs === 95 ? 50 : Math.floor(0.4 * epochs));
    if (finalEpochs > epochs) {
      throw new InputError(
        `option finalEpochs: found ${finalEpochs}, expected at most the ${epochs} epochs there are`,
      );
    }
    return { kind: "fixed", learningRate, factor: FINAL_FACTOR, epochs, finalEpochs };
  }
  if (options.finalEpochs !== undefined) {
    throw new InputError("option finalEpochs: found without epochs, expected both or neither");
  }
  const inEpochs = (steps: number) => Math.max(5, Math.ceil(steps / Math.max(1, stepsPerEpoch)));
  return {
    kind: "plateau",
    learningRate,
    factor: FINAL_FACTOR,
    phases: 2,
    patience: inEpochs(PATIENCE_STEPS),
    threshold: 1e-3,
    longestPhase: inEpochs(LONGEST_PHASE_STEPS),
  };
}

/** Throws InputError naming the first setting that is not what it was when the fit was interrupted. */
export function expectSameConfiguration(before: GinConfiguration, now: GinConfiguration, name: string): void {
  for (const key of Object.keys(now) as (keyof GinConfiguration)[]) {
    const [was, is] = [before[key], now[key]].map((value) => JSON.stringify(value));
    if (was === is) continue;
    throw new InputError(
      `${name}: was made with ${key} ${was}, found ${is}, expected the options of the interrupted fit`,
    );
  }
}

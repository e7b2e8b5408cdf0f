import { z } from "zod";
import { type AugmentationSpec, augmentationSpecs, parseAugmentations } from "../../augment/augmentations.js";
import { usualCopies } from "../../augment/sets.js";
import type { Dataset } from "../../data/dataset.js";
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
import { SET_STATISTICS, type SetStatistics } from "./set-statistics.js";
import type { AugmentFunction } from "./sets.js";

/** Options of a fit of self-supervised GIN; everything but `augment` has a default. */
export interface SslOptions extends TrainedOptions, FlowOptions {
  /**
   * What makes other samples of a sample: a text as `--augment` takes it, the same taken apart, or a function that makes
   * whole sets, with which a fit has one thread.
   */
  readonly augment?: string | readonly AugmentationSpec[] | AugmentFunction | undefined;
  /** Augmented copies of a sample, beside which it is in its set itself. Default: one for each combination, at least 7. */
  readonly copies?: number | undefined;
  /** Where the Gaussian of a set comes from. Default `empirical`. */
  readonly setStatistics?: SetStatistics | undefined;
}

/** What a user may say about a fit; see {@link SslOptions}. */
export const sslOptionsSchema = z.strictObject({
  augment: z.unknown().optional(),
  copies: z.int().min(1).max(1000).optional(),
  setStatistics: z.enum(SET_STATISTICS).optional(),
  ...flowOptions,
  ...trainedOptions,
});

/** Options with every default filled in. */
export interface SslConfiguration extends TrainedConfiguration, FlowConfiguration {
  /** null: a function, which files cannot hold. */
  readonly augment: readonly AugmentationSpec[] | null;
  /** null: what the function makes. */
  readonly copies: number | null;
  readonly setStatistics: SetStatistics;
}

const VECTOR_DEFAULTS: TrainedDefaults = {
  batch: 1000,
  learningRate: 1e-2,
  noise: 0.01,
  threadedValues: 512,
};
const IMAGE_EPOCHS = 20;
const IMAGE_FINAL_EPOCHS = 10;
const IMAGE_DEFAULTS: TrainedDefaults = {
  ...VECTOR_DEFAULTS,
  batch: 20,
  learningRate: 3e-3,
  epochs: IMAGE_EPOCHS,
};

/** Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option. */
export function resolveConfiguration(options: SslOptions, dataset: Dataset, cores: number): SslConfiguration {
  expectOptions(sslOptionsSchema, options);
  const { copies, volume = "mean" } = options;
  if (volume === "none") {
    throw new InputError("option volume: found none, expected mean, last or additive, which preserve it");
  }
  const augment = augmentationsOf(options);
  if (augment === null && copies !== undefined) {
    throw new InputError(
      `option copies: found ${copies} with a function, which makes whole sets, expected none`,
    );
  }
  if (augment === null && (options.threads ?? 1) > 1) {
    throw new InputError(
      `option threads: found ${options.threads}, expected 1: another thread cannot call the function that augments`,
    );
  }
  const preset = resolvePreset(options.preset, dataset);
  const isUsual = preset === "image" && (options.epochs ?? IMAGE_EPOCHS) === IMAGE_EPOCHS;
  const finalEpochs = options.finalEpochs ?? (isUsual ? IMAGE_FINAL_EPOCHS : undefined);
  const standard = preset === "image" ? IMAGE_DEFAULTS : VECTOR_DEFAULTS;
  const trained = resolveTrained(
    { ...options, finalEpochs },
    standard,
    dataset,
    augment === null ? 1 : cores,
  );
  return {
    augment,
    copies: augment && (copies ?? usualCopies(augment.length)),
    setStatistics: options.setStatistics ?? "empirical",
    preset,
    blocks: options.blocks ?? null,
    width: options.width ?? null,
    depth: options.depth ?? null,
    volume,
    standardise: options.standardise ?? "auto",
    ...trained,
  };
}

/** The augmentations that are asked for; null for a function. Throws InputError. */
function augmentationsOf({ augment }: SslOptions): readonly AugmentationSpec[] | null {
  if (typeof augment === "function") return null;
  if (augment === undefined || augment === "") {
    throw new InputError(
      "option augment: missing, expected what makes other samples of a sample, such as " +
        "translate=0.1,rotate=5,scale=0.8..1.25 for images, or jitter=0.1, noise:x1,x2=1 or neighbours=5",
    );
  }
  if (typeof augment === "string") return parseAugmentations(augment);
  const specs = augmentationSpecs.safeParse(augment);
  if (specs.success) return specs.data;
  throw new InputError(`option augment: ${specs.error.issues[0].message}`);
}

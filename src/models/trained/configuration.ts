import { z } from "zod";
import { type Dataset, sampleCount } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import type { ScheduleOptions } from "../../nn/schedule.js";
import type { FitConfiguration } from "../facts.js";

const count = z.int().positive();

/** What a user may say about every fit by epochs; see {@link TrainedOptions}. */
export const trainedOptions = {
  batch: count.optional(),
  learningRate: z.number().positive().max(10).optional(),
  epochs: z.int().min(0).optional(),
  finalEpochs: z.int().min(0).optional(),
  noise: z.number().min(0).optional(),
  heldOut: z.number().min(0).max(0.9).optional(),
  clip: z.number().positive().optional(),
  restarts: count.max(1000).optional(),
  seed: z.int().min(0).max(4294967295).optional(),
  threads: count.max(256).optional(),
} as const;

/** Options of every fit by epochs. */
export interface TrainedOptions {
  /** Samples in a mini-batch. */
  readonly batch?: number | undefined;
  /** Adam's learning rate at the start; it ends at a tenth. */
  readonly learningRate?: number | undefined;
  /** Passes over the training data. Default: until the loss has converged. 0 leaves the model untrained. */
  readonly epochs?: number | undefined;
  /** How many of `epochs`, the last ones, run at a tenth of the learning rate. Default: two fifths of them. */
  readonly finalEpochs?: number | undefined;
  /** Standard deviation of the noise added to each sample each time, in units of the standardised data. */
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
   * Threads to train on. Default: all cores where a batch is long enough, else one. The result depends on it in the
   * last bits, since sums are taken in another order.
   */
  readonly threads?: number | undefined;
}

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

/** The settings of every fit by epochs, as files state them. */
export const trainedSettings = {
  batch: z.int(),
  schedule: scheduleSchema,
  noise: finite,
  heldOut: finite,
  clip: finite.nullable(),
  restarts: z.int(),
  seed: z.int(),
  threads: z.int(),
} as const;

/** The same with every default filled in. */
export interface TrainedConfiguration extends FitConfiguration {
  readonly batch: number;
  readonly schedule: ScheduleOptions;
  readonly noise: number;
  readonly heldOut: number;
  readonly clip: number | null;
  readonly restarts: number;
}

/** Where methods differ. */
export interface TrainedDefaults {
  readonly batch: number;
  readonly learningRate: number;
  /** Undefined: until the loss has converged. */
  readonly epochs?: number;
  /** Steps without progress that end a phase of the plateau rule, and steps that do so anyway. Default: 250 and 2000. */
  readonly plateau?: { readonly patience: number; readonly longest: number };
  readonly noise: number;
  /** Values that a step takes through the network in one batch, from which on threads pay. */
  readonly threadedValues: number;
}

/** Throws InputError naming the first option that does not fit a schema. */
export function expectOptions(schema: z.ZodType, options: object): void {
  const result = schema.safeParse(options);
  if (result.success) return;
  const issue = result.error.issues[0];
  const path = issue.path.join(".");
  const found = path ? JSON.stringify((options as Record<string, unknown>)[path]) : "these options";
  throw new InputError(`option ${path || "list"}: found ${found}, ${issue.message}`);
}

/** Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option. */
export function resolveTrained(
  options: TrainedOptions,
  standard: TrainedDefaults,
  dataset: Dataset,
  cores: number,
): TrainedConfiguration {
  const samples = sampleCount(dataset);
  const { batch = standard.batch, heldOut = 0.1 } = options;
  const isLong = Math.min(batch, samples) * dataset.width >= standard.threadedValues;
  return {
    batch,
    schedule: resolveSchedule(options, standard, Math.ceil((samples * (1 - heldOut)) / batch)),
    noise: options.noise ?? standard.noise,
    heldOut,
    clip: options.clip ?? null,
    restarts: options.restarts ?? 1,
    seed: options.seed ?? 0,
    threads: options.threads ?? (isLong ? cores : 1),
  };
}

const PLATEAU = { patience: 250, longest: 2000 };
const FINAL_FACTOR = 0.1;

function resolveSchedule(
  options: TrainedOptions,
  standard: TrainedDefaults,
  stepsPerEpoch: number,
): ScheduleOptions {
  const { learningRate = standard.learningRate, epochs = standard.epochs } = options;
  const { patience, longest } = standard.plateau ?? PLATEAU;
  if (epochs !== undefined) {
    const finalEpochs = options.finalEpochs ?? Math.floor(0.4 * epochs);
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
    patience: inEpochs(patience),
    threshold: 1e-3,
    longestPhase: inEpochs(longest),
  };
}

/** Throws InputError naming the first setting that is not what it was when the fit was interrupted. */
export function expectSameConfiguration<C extends TrainedConfiguration>(
  before: C,
  now: C,
  name: string,
): void {
  for (const key of Object.keys({ ...before, ...now }) as (keyof C & string)[]) {
    const [was, is] = [before[key], now[key]].map((value) => JSON.stringify(value));
    if (was === is) continue;
    throw new InputError(
      `${name}: was made with ${key} ${was}, found ${is}, expected the options of the interrupted fit`,
    );
  }
}

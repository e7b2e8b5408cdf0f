import type { AugmentedRows } from "../../augment/augmentation.js";
import { bindAugmentations } from "../../augment/augmentations.js";
import { type ConditionedDataset, checkSamples, conditionedOrWhole } from "../../data/check.js";
import { type Dataset, sharedInt32 } from "../../data/dataset.js";
import { columnStatistics } from "../../data/statistics.js";
import { InputError } from "../../errors.js";
import { currentPlatform } from "../../platform/current.js";
import { classStatistics } from "../class-statistics.js";
import { architectureOf, flowPreprocessing } from "../flow/configuration.js";
import { gaussianLogLikelihood } from "../flow/log-likelihood.js";
import { heldOutSplit } from "../held-out.js";
import type { FitHooks } from "../method.js";
import type { Preprocessing } from "../preprocessing.js";
import { runFit, statedFacts, type TrainedFit } from "../trained/fit.js";
import { prepareData } from "../trained/prepared-data.js";
import { resolveConfiguration, type SslConfiguration, type SslOptions } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { SslNetwork } from "./network.js";
import { membersMade, type SetPlan } from "./sets.js";
import { withinSets } from "./spread.js";
import { Ssl } from "./ssl.js";
import { type SslSettings, sslTrainer } from "./trainer.js";

/** A fit whose data and options have been checked. */
export interface CheckedFit {
  readonly dataset: ConditionedDataset;
  readonly configuration: SslConfiguration;
  readonly preprocessing: Preprocessing;
  readonly plan: SetPlan;
  readonly notes: readonly string[];
  /** A mean loss as a log-likelihood per sample and dimension, in units of the data. */
  readonly logLikelihood: (loss: number) => number;
}

/** Checks data and options. Throws InputError. */
export async function checkSsl(dataset: Dataset, options: SslOptions): Promise<CheckedFit> {
  const conditioned = conditionedOrWhole(dataset);
  const configuration = resolveConfiguration(options, conditioned, (await currentPlatform()).cores);
  checkSamples(conditioned);
  const { preprocessing, notes } = flowPreprocessing(conditioned, configuration);
  return {
    dataset: conditioned,
    configuration: { ...configuration, batch: Math.min(configuration.batch, conditioned.samples) },
    preprocessing,
    plan: setPlan(conditioned, configuration, preprocessing, options),
    notes,
    logLikelihood: gaussianLogLikelihood(preprocessing.unit),
  };
}

function setPlan(
  dataset: Dataset,
  { augment: specs, copies, seed }: SslConfiguration,
  preprocessing: Preprocessing,
  { augment }: SslOptions,
): SetPlan {
  if (specs === null || copies === null) {
    if (typeof augment !== "function") throw new InputError("option augment: missing, expected a function");
    const members = membersMade(augment, dataset.features.slice(0, dataset.width), seed);
    return { kind: "function", augment, members, preprocessing };
  }
  const rows = augmentedRows(dataset, preprocessing);
  bindAugmentations(specs, rows);
  return { kind: "augmentations", specs, copies, rows };
}

/** What the values of preprocessed samples are. */
function augmentedRows(dataset: Dataset, preprocessing: Preprocessing): AugmentedRows {
  if (preprocessing.kind === "image") {
    const { image, padded } = preprocessing;
    return { kind: "image", image, padded };
  }
  const { kept, center, scale, whitening } = preprocessing;
  const { sd } = columnStatistics(dataset);
  return {
    kind: "vector",
    names: kept.map((column) => dataset.featureNames[column]),
    center,
    scale,
    deviation: kept.map((column) => sd[column]),
    whitening,
  };
}

/**
 * Fits self-supervised GIN: samples are expanded to sets, each of which shares one factorial Gaussian in latent space.
 * The condition of the data, if they have one, is not used to find the latents. Returns the model of the restart with
 * the best held-out likelihood. Throws InputError for options or data that cannot be used, FailureError when training
 * diverges, and the signal's reason when cancelled.
 */
export async function fitSsl(dataset: Dataset, options: SslOptions, hooks: FitHooks = {}): Promise<Ssl> {
  const checked = await checkSsl(dataset, options);
  return runChecked(checked, hooks, options.threads ?? (await currentPlatform()).cores);
}

/** Fits what has been checked. */
export function runChecked(checked: CheckedFit, hooks: FitHooks, passThreads: number): Promise<Ssl> {
  const { dataset, configuration, preprocessing, plan, notes, logLikelihood } = checked;
  const { noise, setStatistics } = configuration;
  const prepared = prepareData(dataset, preprocessing, configuration, notes);
  const architecture = architectureOf(configuration, preprocessing);
  const split = heldOutSplit(dataset, configuration);
  const positions = { training: shared(split.training), heldOut: shared(split.heldOut) };
  const placed = { ...prepared.training, positions: positions.training };
  const method: TrainedFit<SslNetwork, SslSettings, SslConfiguration, Ssl> = {
    configuration,
    configurationSchema,
    prepared,
    trainer: sslTrainer,
    createNetwork: (seed) => SslNetwork.create({ architecture, seed, setStatistics }),
    start() {},
    settings: () => ({ plan, noise, positions }),
    logLikelihood,
    model(network, samples, origin, threads) {
      const latents = network.encode(samples.data, threads);
      const { unit } = preprocessing;
      const facts = {
        configuration,
        architecture,
        within: Array.from(withinSets(network, plan, placed, configuration.seed, threads), (sd) => sd * unit),
        ...statedFacts(prepared, samples, latents, unit, origin),
      };
      const tables = classStatistics(latents, samples.labels, dataset.condition.classes.length);
      return new Ssl(network, facts, tables, threads);
    },
  };
  return runFit(method, hooks, passThreads);
}

/** In memory that other threads see. */
function shared(values: Int32Array): Int32Array {
  const copy = sharedInt32(values.length);
  copy.set(values);
  return copy;
}

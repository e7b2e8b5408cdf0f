import { type ConditionedDataset, checkForFit, checkSamples, conditionedOrWhole } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { fingerprint } from "../../data/fingerprint.js";
import { InputError } from "../../errors.js";
import { currentPlatform } from "../../platform/current.js";
import { imagePreprocessing, vectorPreprocessing } from "../choose-preprocessing.js";
import { residualDeviations } from "../class-statistics.js";
import { splitSamples } from "../labelled-samples.js";
import type { FitHooks } from "../method.js";
import { logScaleOf, modelledWidth, type Preprocessing } from "../preprocessing.js";
import { runFit, statedFacts, type TrainedFit } from "../trained/fit.js";
import {
  type IvaeConfiguration,
  type IvaeOptions,
  type Kind,
  resolveConfiguration,
} from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { Ivae } from "./ivae.js";
import { describeNetwork } from "./load.js";
import { IvaeNetwork } from "./network.js";
import { type IvaeSettings, ivaeTrainer } from "./trainer.js";

/** A fit whose data and options have been checked. */
export interface CheckedFit {
  readonly dataset: ConditionedDataset;
  readonly configuration: IvaeConfiguration;
  readonly latents: number;
  readonly preprocessing: Preprocessing;
  readonly notes: readonly string[];
  /** A mean loss as a log-likelihood per sample and dimension, in units of the data. */
  readonly logLikelihood: (loss: number) => number;
}

/** More columns than this are whitened only where it is asked for. */
const MOST_WHITENED = 100;

/** More latents than this must be asked for. */
const MOST_LATENTS = 20;

const latentsOf = (columns: number, { latents = Math.min(columns, MOST_LATENTS) }: IvaeOptions): number =>
  latents;

/**
 * With fewer latents than columns the data lie near a surface, and whitening would blow up the directions in which it is
 * no more than bent.
 */
const whitens = (columns: number, options: IvaeOptions): boolean =>
  columns <= MOST_WHITENED && latentsOf(columns, options) === columns;

/** Checks data and options. Throws InputError. */
export async function checkIvae(kind: Kind, dataset: Dataset, options: IvaeOptions): Promise<CheckedFit> {
  const conditioned = conditionedOrWhole(dataset);
  const asked = resolveConfiguration(kind, options, conditioned, (await currentPlatform()).cores);
  const check =
    kind === "ivae" ? checkForFit(dataset, asked, "points") : checkWithoutClasses(conditioned, asked.batch);
  const { preprocessing, notes } = dataset.image
    ? imagePreprocessing(dataset.image, { pad: false })
    : vectorPreprocessing(dataset, asked.standardise, { whitens: (columns) => whitens(columns, options) });
  if (asked.decoder === "bernoulli") expectUnitInterval(dataset);
  const features = modelledWidth(preprocessing);
  const latents = latentsOf(features, options);
  if (latents > features) {
    throw new InputError(
      `option latents: found ${latents}, expected at most the ${features} columns that vary`,
    );
  }
  const perDimension = logScaleOf(preprocessing) / features;
  return {
    dataset: conditioned,
    configuration: { ...asked, batch: check.batch },
    latents,
    preprocessing,
    notes: [...check.notes, ...notes],
    logLikelihood: (loss) => -loss - perDimension,
  };
}

function checkWithoutClasses(dataset: ConditionedDataset, batch: number) {
  checkSamples(dataset);
  return { batch: Math.min(batch, dataset.samples), notes: [] };
}

function expectUnitInterval({ name, features }: Dataset): void {
  const strange = features.find((value) => !(value >= 0 && value <= 1));
  if (strange === undefined) return;
  throw new InputError(`${name}: found ${strange}, expected values from 0 to 1 for a Bernoulli decoder`);
}

/**
 * Fits iVAE, or with `kind` one of its kin, by stochastic gradients of the evidence lower bound. Returns the model of the
 * restart with the best held-out bound. Throws InputError for options or data that cannot be used, FailureError when
 * training diverges, and the signal's reason when cancelled.
 */
export async function fitIvae(
  dataset: Dataset,
  { kind = "ivae", ...options }: IvaeOptions & { readonly kind?: Kind } = {},
  hooks: FitHooks = {},
): Promise<Ivae> {
  const checked = await checkIvae(kind, dataset, options);
  return runChecked(checked, hooks, options.threads ?? (await currentPlatform()).cores);
}

/** Fits what has been checked. */
export function runChecked(checked: CheckedFit, hooks: FitHooks, passThreads: number): Promise<Ivae> {
  const { dataset, configuration, latents, preprocessing, notes, logLikelihood } = checked;
  const { schedule, weights, anneal, noise, priorLearningRate, batch } = configuration;
  const prepared = {
    dataset,
    preprocessing,
    ...splitSamples(dataset, preprocessing, configuration),
    notes,
    fingerprint: fingerprint(dataset),
  };
  const { condition } = dataset;
  const described = { configuration, latents, preprocessing, condition };
  const stepsPerEpoch = Math.max(1, Math.ceil(prepared.training.labels.length / batch));
  const method: TrainedFit<IvaeNetwork, IvaeSettings, IvaeConfiguration, Ivae> = {
    configuration,
    configurationSchema,
    prepared,
    trainer: ivaeTrainer,
    createNetwork: (seed) => IvaeNetwork.create(describeNetwork(described, seed)),
    start() {},
    settings: () => ({
      weights,
      importanceSamples: configuration.importanceSamples,
      annealSteps: anneal * stepsPerEpoch,
      noise,
      priorFactor: priorLearningRate / schedule.learningRate,
    }),
    logLikelihood,
    model(network, samples, origin, threads) {
      const { conditions } = samples;
      const codes = network.encode(samples.data, conditions?.values ?? samples.labels, threads);
      const within =
        conditions &&
        residualDeviations(codes, latents, (from, to) => {
          return network.priorAt(conditions.values.subarray(from * conditions.width, to * conditions.width))
            .mean;
        });
      return new Ivae(
        network,
        { configuration, latents, ...statedFacts(prepared, samples, codes, 1, origin, within) },
        threads,
      );
    },
  };
  return runFit(method, hooks, passThreads);
}

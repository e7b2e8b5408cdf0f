import { type ConditionedDataset, checkForFit, checkSamples, withCondition } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import { currentPlatform } from "../../platform/current.js";
import { imagePreprocessing, vectorPreprocessing } from "../choose-preprocessing.js";
import { classStatistics } from "../class-statistics.js";
import type { LabelledSamples } from "../labelled-samples.js";
import type { FitHooks } from "../method.js";
import { modelledWidth, type Preprocessing } from "../preprocessing.js";
import { runFit, statedFacts, type TrainedFit } from "../trained/fit.js";
import { prepareData } from "../trained/prepared-data.js";
import { resolveConfiguration, type TclConfiguration, type TclOptions } from "./configuration.js";
import { configurationSchema } from "./facts.js";
import { describeNetwork } from "./load.js";
import { TclNetwork } from "./network.js";
import { Tcl } from "./tcl.js";
import { type TclSettings, tclTrainer } from "./trainer.js";
import { applyUnmixing, unmixFeatures } from "./unmixing.js";

/** A fit whose data and options have been checked. */
export interface CheckedFit {
  readonly dataset: ConditionedDataset;
  readonly configuration: TclConfiguration;
  readonly features: number;
  readonly preprocessing: Preprocessing;
  readonly notes: readonly string[];
}

/** More features than this must be asked for. */
const MOST_FEATURES = 20;
/** More columns than this are whitened only where it is asked for. */
const MOST_WHITENED = 100;

/** A mean loss as the mean log-probability of a sample's class, in nats. */
export const logProbability = (loss: number): number => -loss;

/** Checks data and options. Throws InputError. */
export async function checkTcl(dataset: Dataset, options: TclOptions): Promise<CheckedFit> {
  const conditioned = withCondition(dataset);
  checkSamples(conditioned);
  const asked = resolveConfiguration(options, conditioned, (await currentPlatform()).cores);
  const check = checkForFit(dataset, asked);
  const { preprocessing, notes } = dataset.image
    ? imagePreprocessing(dataset.image, { pad: false })
    : vectorPreprocessing(dataset, asked.standardise, { whitens: (columns) => columns <= MOST_WHITENED });
  const columns = modelledWidth(preprocessing);
  const { latents: features = Math.min(columns, MOST_FEATURES) } = options;
  if (features > columns) {
    throw new InputError(
      `option latents: found ${features}, expected at most the ${columns} columns that vary`,
    );
  }
  const configuration = { ...asked, batch: check.batch };
  return { dataset: conditioned, configuration, features, preprocessing, notes: [...check.notes, ...notes] };
}

/**
 * Fits TCL. Returns the model of the restart that tells held-out classes best. Throws InputError for options or data that
 * cannot be used, FailureError when training diverges, and the signal's reason when cancelled.
 */
export async function fitTcl(dataset: Dataset, options: TclOptions = {}, hooks: FitHooks = {}): Promise<Tcl> {
  const checked = await checkTcl(dataset, options);
  return runChecked(checked, hooks, options.threads ?? (await currentPlatform()).cores);
}

/** Fits what has been checked. */
export function runChecked(checked: CheckedFit, hooks: FitHooks, passThreads: number): Promise<Tcl> {
  const { dataset, configuration, features, preprocessing, notes } = checked;
  const prepared = prepareData(dataset, preprocessing, configuration, notes);
  const { condition } = dataset;
  const described = { configuration, features, preprocessing, condition };
  const method: TrainedFit<TclNetwork, TclSettings, TclConfiguration, Tcl> = {
    configuration,
    configurationSchema,
    prepared,
    trainer: tclTrainer,
    createNetwork: (seed) => TclNetwork.create(describeNetwork(described, seed)),
    start() {},
    settings: () => ({ noise: configuration.noise }),
    logLikelihood: logProbability,
    model(network, samples, origin, threads) {
      const found = network.encode(samples.data, threads);
      const { converged, iterations, ...unmixing } = unmixFeatures(found, features, origin.seed);
      const codes = applyUnmixing(unmixing, found);
      const stated = statedFacts(prepared, samples, codes, 1, origin);
      const accuracy = (of: LabelledSamples) => sharedLabels(network.classesOf(of.data, threads), of.labels);
      const facts = {
        configuration,
        features,
        latents: unmixing.bias.length,
        accuracy: {
          train: accuracy(samples),
          heldOut: prepared.heldOut.labels.length === 0 ? null : accuracy(prepared.heldOut),
          chance:
            Math.max(...stated.condition.counts) / stated.condition.counts.reduce((sum, n) => sum + n, 0),
        },
        unmixing: { converged, iterations },
        ...stated,
      };
      const tables = classStatistics(codes, samples.labels, condition.classes.length);
      return new Tcl(network, facts, unmixing, tables, threads);
    },
  };
  return runFit(method, hooks, passThreads);
}

/** The share of places in which two lists of labels agree. */
function sharedLabels(found: Int32Array, labels: Int32Array): number {
  return found.reduce((sum, label, i) => sum + (label === labels[i] ? 1 : 0), 0) / labels.length;
}

import { componentsOf, type PrincipalComponents, principalComponents } from "../../algebra/principal.js";
import { SecondMoments } from "../../algebra/second-moments.js";
import { type ConditionedDataset, checkSamples } from "../../data/check.js";
import { classCounts } from "../../data/labels.js";
import { InputError } from "../../errors.js";
import { breathe } from "../../nn/breathe.js";
import { imagePreprocessing, vectorPreprocessing } from "../choose-preprocessing.js";
import { classStatistics, pooledDeviations, withinDeviations } from "../class-statistics.js";
import type { ModelFacts } from "../facts.js";
import { type LabelledSamples, splitSamples } from "../labelled-samples.js";
import type { FitHooks, PlannedFit } from "../method.js";
import { modelledWidth, type Preprocessing } from "../preprocessing.js";
import type { LinearConfiguration, LinearFacts } from "./facts.js";
import { LinearMap } from "./map.js";
import { type LinearKind, LinearModel } from "./model.js";
import { type LinearWeights, linearWeights } from "./weights.js";

/** How a method turns whitened principal components into latents. */
export interface Rotation {
  /** Orthogonal. Shape [latents][latents]. */
  readonly rotation: Float64Array;
  /** How it was found, in words. */
  readonly course: string;
  readonly restarts: ModelFacts["restarts"];
  readonly seed: number;
}

/** What a linear method is beside its configuration. */
export interface LinearMethod extends LinearKind {
  /** Finds the rotation for the leading `latents` principal components of preprocessed training samples. */
  rotate(
    data: Float32Array,
    principal: PrincipalComponents,
    latents: number,
    hooks: FitHooks,
  ): Promise<Rotation>;
}

/** Checks the data and settings of a linear fit. Throws InputError. */
export function planLinear<C extends LinearConfiguration>(
  dataset: ConditionedDataset,
  configuration: C,
  method: LinearMethod,
): PlannedFit {
  checkSamples(dataset);
  const { preprocessing, notes } = dataset.image
    ? imagePreprocessing(dataset.image, { pad: false })
    : vectorPreprocessing(dataset, configuration.standardise);
  expectComponents(configuration.components, modelledWidth(preprocessing), "columns that vary");
  return {
    configuration,
    run: (hooks) => fitLinear(dataset, configuration, method, preprocessing, notes, hooks),
  };
}

async function fitLinear(
  dataset: ConditionedDataset,
  configuration: LinearConfiguration,
  method: LinearMethod,
  preprocessing: Preprocessing,
  preprocessingNotes: readonly string[],
  hooks: FitHooks,
): Promise<LinearModel> {
  const notes: string[] = [];
  const onNote = (sentence: string) => {
    notes.push(sentence);
    hooks.onNote?.(sentence);
  };
  preprocessingNotes.forEach(onNote);
  const { training, heldOut } = splitSamples(dataset, preprocessing, configuration);
  const columns = modelledWidth(preprocessing);
  const principal = await principalInSteps(training.data, columns, hooks.signal);
  const directions = principal.variances.length;
  const latents = configuration.components ?? directions;
  expectComponents(latents, directions, "directions in which the data vary");
  if (latents < columns && configuration.components === null) {
    onNote(`The data vary in ${directions} of ${columns} directions: there are as many latents.`);
  }
  const found = await method.rotate(training.data, principal, latents, { ...hooks, onNote });
  const scale = configuration.whiten ? 1 / preprocessing.unit : undefined;
  const weights = linearWeights(principal, found.rotation, scale);
  const map = await LinearMap.create(columns, latents, weightTensors(weights, latents, columns), "fit");

  const { name, classes } = dataset.condition;
  const codes = map.encode(training.data);
  const inUnits = (deviations: Float32Array) => Array.from(deviations, (value) => value * preprocessing.unit);
  const facts: LinearFacts = {
    configuration,
    preprocessing,
    data: { name: dataset.name, samples: dataset.samples, featureNames: [...dataset.featureNames] },
    condition: {
      name,
      classes: [...classes],
      counts: Array.from(classCounts({ name, classes, labels: training.labels })),
    },
    sigma: inUnits(withinDeviations(codes, training.labels, classes.length)),
    std: inUnits(pooledDeviations(codes, latents)),
    notes,
    history: [],
    restarts: found.restarts,
    seed: found.seed,
    variances: Array.from(principal.variances),
    logVolume: weights.logVolume,
    residual: residualVariance(principal.variances, latents, columns),
    course: found.course,
    logLikelihood: { train: null, heldOut: null },
  };
  const model = new LinearModel(method, facts, map, classStatistics(codes, training.labels, classes.length));
  if (model.cannot.logLikelihood !== undefined) return model;
  const mean = ({ data, labels }: LabelledSamples): number | null => {
    if (labels.length === 0) return null;
    const values = model.logLikelihoodWithin(data, labels);
    return values.reduce((sum, value) => sum + value, 0) / values.length / columns;
  };
  return model.withLogLikelihood({ train: mean(training), heldOut: mean(heldOut) });
}

/** Samples between two looks at the signal. */
const STEP = 2048;

/** The principal components of data, with pauses in which the fit can be cancelled. */
async function principalInSteps(
  data: Float32Array,
  columns: number,
  signal: AbortSignal | undefined,
): Promise<PrincipalComponents> {
  if (data.length / columns < columns) return principalComponents(data, columns);
  const moments = new SecondMoments(columns);
  for (let from = 0; from < data.length; from += STEP * columns) {
    moments.add(data.subarray(from, from + STEP * columns));
    await breathe();
    signal?.throwIfAborted();
  }
  return componentsOf(moments);
}

function expectComponents(components: number | null, most: number, what: string): void {
  if (components === null || components <= most) return;
  throw new InputError(`option components: found ${components}, expected at most the ${most} ${what}`);
}

/** Below this part of the largest variance there is nothing but rounding. */
const ROUNDING = 1e-10;

/** The mean variance of the directions that are left out. */
function residualVariance(variances: Float64Array, latents: number, columns: number): number | null {
  if (latents === columns) return null;
  const sum = variances.subarray(latents).reduce((total, value) => total + value, 0);
  const mean = sum / (columns - latents);
  return mean > ROUNDING * variances[0] ? mean : 0;
}

function weightTensors(weights: LinearWeights, latents: number, columns: number) {
  return {
    "unmixing.weight": { shape: [latents, columns], data: weights.unmixing },
    "unmixing.bias": { shape: [latents], data: weights.unmixingBias },
    "mixing.weight": { shape: [columns, latents], data: weights.mixing },
    "mixing.bias": { shape: [columns], data: weights.mixingBias },
  };
}

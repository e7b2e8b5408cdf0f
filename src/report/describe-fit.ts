import {
  type InformativeLatents,
  informativeLatents,
  type MeasuredScores,
  meanCorrelationCoefficient,
  mutualInformations,
  principalPlane,
  type SampleMatrix,
  type SpectrumEntry,
  sortSpectrum,
  spectrum,
} from "../analysis/index.js";
import type { ConditionedDataset } from "../data/check.js";
import { conditionsOf, sampleCount } from "../data/dataset.js";
import { countClasses } from "../data/labels.js";
import { conditionsAt } from "../data/split.js";
import type { FitConfiguration } from "../models/facts.js";
import type { Model } from "../models/model.js";
import { modelledWidth, preprocess } from "../models/preprocessing.js";
import { valuesOnSupport } from "../models/support.js";
import { pointsText } from "./condition-wording.js";
import { describeCurves } from "./describe-curves.js";
import { describeImages } from "./describe-images.js";
import { describeInformation } from "./describe-information.js";
import { describePrincipal, type PrincipalDescription } from "./describe-principal.js";
import type {
  InformationSection,
  ReportInput,
  ScatterPanel,
  ScatterSection,
  Setting,
  SolvedFit,
  TruthComparison,
} from "./report-input.js";
import { evenlySpread, rows } from "./rows.js";

/** What a model does not know of the run that made it. */
export type RunDescription = Pick<
  ReportInput,
  "command" | "history" | "restarts" | "version" | "created" | "seconds" | "environment"
> & {
  /** Scores of the latents on data that the fit did not see; without them the report leaves mutual information out. */
  readonly measured?: MeasuredScores | undefined;
};

/** Samples in scatter plots: a report draws at most 3,000; of wide data fewer, so that it is made in seconds. */
const scatterSamples = (width: number): number => Math.min(3000, Math.max(1000, Math.floor(1e6 / width)));

/**
 * The spectrum of a fitted model, largest first by the model's own measure, as measured on its training data without
 * the noise of training. (The sigmas of the learned p(w|u) contain that noise, which hides how small the smallest latents are.)
 */
export function modelSpectrum({ facts, measure }: Model): SpectrumEntry[] {
  const entries = facts.std.map((std, latent) => ({ latent, sigma: facts.sigma[latent], std }));
  return sortSpectrum(entries, measure);
}

/** True components, one row for each sample, or their magnitudes. */
export interface Truth extends SampleMatrix {
  readonly magnitude?: boolean | undefined;
}

const trueName = ({ magnitude }: Truth, component: number): string =>
  magnitude ? `|true ${component}|` : `true ${component}`;

/** A fit and the data it was made on as the input of `renderReport`. */
export function describeFit(
  model: Model,
  dataset: ConditionedDataset,
  { measured, ...run }: RunDescription,
  truth?: Truth,
): ReportInput {
  const { facts } = model;
  const entries = modelSpectrum(model);
  const informative = informativeLatents(entries, model.measure);
  const information = measured && describeInformation(measured, entries, model.measure, informative);
  const shown = evenlySpread(dataset.samples, scatterSamples(dataset.width));
  const classes = countClasses(dataset);
  const principal = describePrincipal(model, dataset);
  return {
    ...run,
    title: `${model.title} on ${dataset.name}`,
    model: model.title,
    configuration: settingsOf(facts.configuration),
    data: {
      name: dataset.name,
      samples: sampleCount(dataset),
      heldOutSamples: sampleCount(dataset) - facts.condition.counts.reduce((sum, count) => sum + count, 0),
      width: dataset.width,
      image: dataset.image,
      conditionName: facts.condition.name,
      classes: facts.condition.classes.map((name, index) => ({ name, count: classes[index] })),
      points: pointsText(facts.condition),
      ordered: facts.condition.values?.columns.map(({ kind }) => kind).join() === "continuous",
    },
    notes: facts.notes,
    solved: describeSolved(model),
    fitMeasure: model.fitMeasure,
    trainingNoise: noiseOf(facts.configuration),
    parameters: model.parameters,
    spectrum: entries,
    withinSets: model.withinSets,
    measure: model.measure,
    informative,
    information,
    curves: describeCurves(model, dataset, ...standingOut(entries, informative, information)),
    // The latents of PCA are the principal components.
    principal: model.method === "pca" ? undefined : principal,
    scatter: describeScatter(model, dataset, shown, leadingPairs(entries, information), principal, truth),
    truth: truth && describeTruth(model, dataset, shown, truth),
    images: dataset.image && !model.cannot.decode ? describeImages(model, dataset, entries) : undefined,
    seed: facts.configuration.seed,
  };
}

/** The latents in their order, and how many of them stand out: by what they say about the condition where it is known. */
function standingOut(
  entries: readonly SpectrumEntry[],
  informative: InformativeLatents,
  information: InformationSection | undefined,
): [readonly number[], number] {
  if (information) return [information.selected.order, information.selected.count];
  return [entries.map(({ latent }) => latent), informative.count];
}

function describeSolved({ course, facts, fitted }: Model): SolvedFit | undefined {
  if (course === null || facts.history.length > 0) return undefined;
  return { course, trainLogLikelihood: fitted.train, heldOutLogLikelihood: fitted.heldOut };
}

/** A plane of two latents to draw. */
interface LatentPair {
  readonly title: string;
  readonly latents: readonly number[];
}

/** The two latents that vary most, and the two that say most about the condition where these are others. */
function leadingPairs(
  spectrum: readonly SpectrumEntry[],
  information: InformationSection | undefined,
): LatentPair[] {
  const widest = spectrum.slice(0, 2).map(({ latent }) => latent);
  const telling = information?.selected.order.slice(0, 2) ?? widest;
  if (telling.every((latent) => widest.includes(latent))) {
    return [{ title: "Leading latents", latents: widest }];
  }
  return [
    { title: "Leading latents by spread", latents: widest },
    { title: "Leading latents by mutual information", latents: telling },
  ];
}

function describeScatter(
  model: Model,
  dataset: ConditionedDataset,
  shown: Int32Array,
  leading: readonly LatentPair[],
  { components }: PrincipalDescription,
  truth: Truth | undefined,
): ScatterSection {
  const values = rows(dataset.features, dataset.width, shown);
  const labels = Int32Array.from(shown, (sample) => dataset.condition.labels[sample]);
  const latents = valuesOnSupport(model, model.encode(values, conditionsAt(dataset.condition, shown)));
  const { preprocessing } = model.facts;
  const seen = preprocess(preprocessing, values);
  const matrix = { values: seen, samples: shown.length, width: modelledWidth(preprocessing) };
  const data = principalPlane(matrix, components);
  const panels: ScatterPanel[] = [
    {
      title: "Data",
      points: data.scores,
      xLabel: "principal direction 1",
      yLabel: "principal direction 2",
    },
    ...leading.map(({ title, latents: [first, second = first] }) => ({
      title,
      points: columns(latents, model.latents, first, second),
      xLabel: `latent ${first}`,
      yLabel: `latent ${second}`,
    })),
  ];
  if (truth && truth.width >= 2) {
    const points = columns(rows(truth.values, truth.width, shown), truth.width, 0, 1);
    panels.unshift({ title: "Truth", points, xLabel: trueName(truth, 0), yLabel: trueName(truth, 1) });
  }
  return { labels, panels };
}

function describeTruth(
  model: Model,
  dataset: ConditionedDataset,
  shown: Int32Array,
  truth: Truth,
): TruthComparison {
  const latents = valuesOnSupport(model, model.encode(dataset.features, conditionsOf(dataset.condition)));
  const estimate = { values: latents, samples: dataset.samples, width: model.latents };
  const found = meanCorrelationCoefficient(truth, estimate);
  const { labels, classes } = dataset.condition;
  const [trueRows, latentRows] = [
    rows(truth.values, truth.width, shown),
    rows(latents, model.latents, shown),
  ];
  return {
    ...found,
    kind: "pearson",
    names: found.assignment.map((_, component) => trueName(truth, component)),
    spectrum: spectrum(truth, labels, classes.length).map(({ sigma }) => sigma),
    information: classes.length > 1 ? [...mutualInformations(truth, labels)] : undefined,
    relations: found.assignment.map((latent, component) => ({
      title: `${trueName(truth, component).replace(/^t/, "T")} and latent ${latent}`,
      points: interleave(
        columnOf(trueRows, truth.width, component),
        columnOf(latentRows, model.latents, latent),
      ),
      xLabel: trueName(truth, component),
      yLabel: `latent ${latent}`,
    })),
  };
}

/** Standard deviation of the noise that was added to samples in training; 0 of a method that adds none. */
function noiseOf(configuration: FitConfiguration & { readonly noise?: unknown }): number {
  return typeof configuration.noise === "number" ? configuration.noise : 0;
}

/** What a setting without a value means; of any other, the preset decides. */
const withoutValue: Readonly<Record<string, string>> = {
  clip: "none",
  components: "all",
  latents: "one for each column, at most 20",
  posterior: "full with at most 20 latents",
  decoderVariance: "learned by a Gaussian decoder",
  augment: "a function",
  copies: "as the function makes them",
};

/** Settings in one level; what the preset decides is said in words. */
function settingsOf(configuration: object, prefix = ""): Setting[] {
  return Object.entries(configuration).flatMap(([name, value]: [string, unknown]) => {
    if (value === null) return [{ name: prefix + name, value: withoutValue[name] ?? "by the preset" }];
    if (typeof value === "object") return settingsOf(value, `${prefix}${name} `);
    return [{ name: prefix + name, value: value as Setting["value"] }];
  });
}

const columnOf = (values: Float32Array, width: number, column: number): Float32Array =>
  Float32Array.from({ length: values.length / width }, (_, row) => values[row * width + column]);

const columns = (values: Float32Array, width: number, x: number, y: number): Float32Array =>
  interleave(columnOf(values, width, x), columnOf(values, width, y));

const interleave = (x: Float32Array, y: Float32Array): Float32Array =>
  Float32Array.from({ length: 2 * x.length }, (_, k) => (k % 2 === 0 ? x : y)[k >> 1]);

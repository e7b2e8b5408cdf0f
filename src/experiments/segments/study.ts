import { z } from "zod";
import { meanCorrelationCoefficient, type SampleMatrix, selectRows } from "../../analysis/index.js";
import type { ConditionedDataset } from "../../data/check.js";
import { fitGin } from "../../models/gin/fit.js";
import type { IvaeOptions } from "../../models/ivae/configuration.js";
import { fitIvae } from "../../models/ivae/fit.js";
import { loadModel } from "../../models/load.js";
import type { FitHooks } from "../../models/method.js";
import type { Model } from "../../models/model.js";
import { fitTcl } from "../../models/tcl/fit.js";
import { Tcl } from "../../models/tcl/tcl.js";
import { evenlySpread } from "../../report/rows.js";
import { simulateSegments } from "../../simulate/segments.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { pictureOf, pictureSchema } from "../picture.js";

/** Estimators that are compared, by the names under which figures show them. */
export const ESTIMATORS = {
  ivae: "iVAE",
  vae: "VAE",
  "beta-vae": "beta-VAE",
  "beta-tcvae": "beta-TC-VAE",
  tcl: "TCL",
  "flow-none": "flow",
  "flow-mean": "flow, volume kept",
} as const;
export type Estimator = keyof typeof ESTIMATORS;

/** The data of a trial (see `simulateSegments`), and how an estimator is trained on them. */
export interface SegmentSettings {
  readonly segments: number;
  readonly length: number;
  readonly sources: number;
  readonly features: number;
  readonly layers: number;
  readonly centred: boolean;
  readonly staircase: boolean;
  readonly observations: "continuous" | "bernoulli";
  readonly estimator: Estimator;
  readonly latents: number;
  readonly width: number;
  readonly depth: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** Codes a sample of the bound; of autoencoders. */
  readonly codes: number;
  readonly beta: number;
  /** Of the decoder, in units of the whitened data; 0: learned. */
  readonly variance: number;
  /** Fits from different weights, of which the one with the best held-out likelihood is kept. */
  readonly restarts: number;
  /**
   * Where they stand: `blocks`, of a flow, and `change`, what an autoencoder is made to do without, of {@link CHANGES}.
   */
  readonly [name: string]: string | number | boolean;
}

/** What an autoencoder can be made to do without. */
export const CHANGES = {
  "scaled data": { standardise: "global" },
  "no linear part": { skip: false },
  "diagonal posterior": { posterior: "diagonal" },
  "leaky ReLU": { activation: "leaky-relu" },
} as const satisfies Readonly<Record<string, IvaeOptions>>;
export type Change = keyof typeof CHANGES;

const nullable = z.number().nullable();

const segmentMeasures = z.object({
  /** Of the true sources with the latents matched to them, over all samples. */
  mcc: z.number(),
  correlations: z.array(z.number()),
  /** The same of the sources' absolute values by ranks, which is as far as TCL can come where variances alone change. */
  magnitudeMcc: z.number(),
  /** Over training; with restarts of the first. */
  course: z.array(z.object({ epoch: z.int(), mcc: z.number() })),
  /** Nats a sample, in units of the data, on some of the samples; null of an estimator without them. */
  logLikelihood: nullable,
  lowerBound: nullable,
  heldOut: nullable,
  /** Share of held-out samples whose segment is told right; of TCL. */
  accuracy: nullable,
  epochs: z.int(),
  seconds: z.number(),
  picture: pictureSchema.nullable(),
});
export type SegmentMeasures = z.infer<typeof segmentMeasures>;
export type SegmentTrial = Trial<SegmentSettings, SegmentMeasures>;
export type MeasuredSegments = Measured<SegmentSettings, SegmentMeasures>;

/** Looks at a model in training. */
const LOOKS = 6;
/** Samples whose likelihood is estimated. */
const LIKELIHOODS = 4000;

/** Fits an estimator to a time series in segments, and measures how well it finds the sources. */
export const segmentStudy: Study<SegmentSettings, SegmentMeasures> = {
  name: "segments",
  revision: 1,
  measures: segmentMeasures,
  async run(settings, seed, { threads, signal, progress }) {
    const { sources, epochs } = settings;
    const { dataset, truth } = simulateSegments({ ...dataOf(settings), seed });
    const { samples, width, features } = dataset;
    const { labels } = dataset.condition;
    const known: SampleMatrix = { values: truth, samples, width: sources };
    const stages: { epoch: number; bytes: Uint8Array }[] = [];
    const started = performance.now();
    const model = await fitEstimator(
      dataset,
      settings,
      { seed, threads },
      {
        signal,
        onProgress: ({ fraction }) => progress(0.95 * fraction),
        onStage: (bytes, epoch, restart) => restart === 0 && stages.push({ epoch, bytes }),
        stageEvery: Math.max(1, Math.ceil(epochs / LOOKS)),
      },
    );
    const seconds = (performance.now() - started) / 1000;
    const estimateOf = (of: Model): SampleMatrix => ({
      values: of.encode(features, labels),
      samples,
      width: of.latents,
    });
    const estimate = estimateOf(model);
    const { mcc, correlations, assignment } = matched(known, estimate);
    const course = [];
    for (const { epoch, bytes } of stages.filter((stage) => stage.epoch < epochs)) {
      const stage = await loadModel(bytes, "stage", { threads: threads ?? 1 });
      course.push({ epoch, mcc: matched(known, estimateOf(stage)).mcc });
    }
    const magnitudes = { ...known, values: truth.map(Math.abs) };
    return {
      mcc,
      correlations,
      magnitudeMcc: matched(magnitudes, estimate, "spearman").mcc,
      course: [...course, { epoch: epochs, mcc }],
      ...likelihoods(model, dataset),
      heldOut: model.fitted.heldOut,
      accuracy: model instanceof Tcl ? model.facts.accuracy.heldOut : null,
      epochs: model.facts.history.length,
      seconds,
      picture:
        sources === 2 && model.latents >= 2
          ? pictureOf(known, { values: features, samples, width }, estimate, labels, { latents: assignment })
          : null,
    };
  },
};

function dataOf(settings: SegmentSettings) {
  const { segments, length, sources, features, layers, centred, staircase, observations } = settings;
  return { segments, length, sources, features, layers, centred, staircase, observations };
}

/** Latents that were found may be fewer than sources: those without one count as correlation 0. */
function matched(truth: SampleMatrix, estimate: SampleMatrix, kind: "pearson" | "spearman" = "pearson") {
  if (estimate.width >= truth.width) return meanCorrelationCoefficient(truth, estimate, { kind });
  const { mcc, correlations, assignment } = meanCorrelationCoefficient(estimate, truth, { kind });
  const all = new Array<number>(truth.width).fill(0);
  assignment.forEach((source, latent) => {
    all[source] = correlations[latent];
  });
  return { mcc: (mcc * estimate.width) / truth.width, correlations: all, assignment };
}

function fitEstimator(
  dataset: ConditionedDataset,
  settings: SegmentSettings,
  run: { readonly seed: number; readonly threads: number | undefined },
  hooks: FitHooks,
): Promise<Model> {
  const { estimator, latents, width, depth, batch, learningRate, epochs, codes, beta, restarts } = settings;
  const common = { ...run, width, batch, learningRate, epochs, restarts };
  switch (estimator) {
    case "flow-none":
    case "flow-mean":
      return fitGin(
        dataset,
        {
          ...common,
          blocks: settings.blocks as number,
          volume: estimator === "flow-none" ? "none" : "mean",
        },
        hooks,
      );
    case "tcl":
      return fitTcl(dataset, { ...common, depth, latents }, hooks);
    default: {
      const decoder = settings.observations === "bernoulli" ? "bernoulli" : "gaussian";
      const weighted = {
        ...(estimator.startsWith("beta") && { beta }),
        ...(settings.variance > 0 && { decoderVariance: settings.variance }),
      };
      const options = {
        ...CHANGES[settings.change as Change],
        ...common,
        ...weighted,
        kind: estimator,
        depth,
        latents,
        importanceSamples: codes,
        decoder,
      };
      return fitIvae(dataset, options as Parameters<typeof fitIvae>[1], hooks);
    }
  }
}

/** Means over some of the samples, in nats a sample. */
function likelihoods(model: Model, dataset: ConditionedDataset) {
  if (model.cannot.logLikelihood !== undefined) return { logLikelihood: null, lowerBound: null };
  const { samples, width, features, condition } = dataset;
  const chosen = evenlySpread(samples, LIKELIHOODS);
  const { values } = selectRows({ values: features, samples, width }, chosen);
  const labels = Int32Array.from(chosen, (sample) => condition.labels[sample]);
  const data = Float32Array.from(values);
  const mean = (all: Float64Array) => all.reduce((sum, value) => sum + value / all.length, 0);
  return {
    logLikelihood: mean(model.logLikelihood(data, labels)),
    lowerBound: model.evidenceLowerBound ? mean(model.evidenceLowerBound(data, labels)) : null,
  };
}

export const IVAE_PAPER = {
  citation:
    "Khemakhem, Kingma, Monti and Hyvärinen, Variational Autoencoders and Nonlinear ICA: A Unifying Framework, AISTATS 2020",
  url: "https://arxiv.org/abs/1907.04809",
} as const;

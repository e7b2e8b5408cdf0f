import { z } from "zod";
import {
  carriers,
  clusterOverlap,
  informativeLatents,
  meanCorrelationCoefficient,
  spectrum,
} from "../../analysis/index.js";
import { fitGin } from "../../models/gin/fit.js";
import { drawMixtureStatistics, simulateMixture } from "../../simulate/mixture.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { pictureOf, pictureSchema } from "../picture.js";

/** Settings of a trial on GIN's artificial data; see `simulateMixture`. */
export interface RecoverySettings {
  readonly classes: number;
  readonly samples: number;
  /** Factor on the distances of the cluster means, which their spreads do not follow. */
  readonly gap: number;
  readonly learningRate: number;
  /** Passes over the data; 0 stands for "until the loss has converged". */
  readonly epochs: number;
  readonly [name: string]: number;
}

const INFORMATIVE = 2;
/** A trial that finds the true latents correlates with them by at least so much on average. */
export const GOOD_MCC = 0.95;

const recoveryMeasures = z.object({
  /** Of the two true latents with the ten estimated, over all samples. */
  mcc: z.number(),
  correlations: z.array(z.number()),
  /** The latent that each true one is matched with. */
  assignment: z.array(z.int()),
  /** Whether these are the two with the largest standard deviation within classes. */
  leadingMatch: z.boolean(),
  /** The latents that carry each true one in some class. */
  carriers: z.array(z.array(z.int())),
  /** Largest first by sigma. */
  spectrum: z.array(z.object({ latent: z.int(), sigma: z.number(), std: z.number() })),
  /** The same of the two true latents, largest first. */
  trueSigmas: z.array(z.number()),
  heldOutLogLikelihood: z.number().nullable(),
  epochs: z.int(),
  threads: z.int(),
  /** Each cluster's largest Bhattacharyya coefficient with another, in the space of the true latents. */
  overlap: z.array(z.number()),
  picture: pictureSchema,
});
export type RecoveryMeasures = z.infer<typeof recoveryMeasures>;
export type RecoveryTrial = Trial<RecoverySettings, RecoveryMeasures>;
export type MeasuredRecovery = Measured<RecoverySettings, RecoveryMeasures>;

/** Fits GIN to its artificial data, and measures whether it finds the true latents. */
export const recovery: Study<RecoverySettings, RecoveryMeasures> = {
  name: "recovery",
  revision: 1,
  measures: recoveryMeasures,
  async run(settings, seed, { threads, signal, progress }) {
    const { classes, samples, gap, learningRate, epochs } = settings;
    const { dataset, truth, means, deviations } = simulateMixture({
      classes,
      samples,
      seed,
      ...pulledApart(classes, seed, gap),
    });
    const model = await fitGin(
      dataset,
      { seed, learningRate, threads, ...(epochs > 0 && { epochs }) },
      { signal, onProgress: ({ fraction }) => progress(fraction) },
    );
    const { labels } = dataset.condition;
    const estimate = { values: model.encode(dataset.features), samples, width: model.latents };
    const known = { values: truth, samples, width: INFORMATIVE };
    const { mcc, correlations, assignment } = meanCorrelationCoefficient(known, estimate);
    const entries = spectrum(estimate, labels, classes);
    const leading = entries.slice(0, INFORMATIVE).map(({ latent }) => latent);
    const clusters = {
      classes: dataset.condition.classes,
      mean: Float32Array.from(means.flat()),
      sigma: Float32Array.from(deviations.flat()),
    };
    const data = { values: dataset.features, samples, width: dataset.width };
    return {
      mcc,
      correlations,
      assignment,
      leadingMatch: leading.every((latent) => assignment.includes(latent)),
      carriers: carriers(known, estimate, labels, classes),
      spectrum: entries,
      trueSigmas: spectrum(known, labels, classes).map(({ sigma }) => sigma),
      heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood ?? null,
      epochs: model.facts.history.length,
      threads: model.facts.configuration.threads,
      overlap: clusterOverlap(clusters).largest.map(({ coefficient }) => coefficient),
      picture: pictureOf(known, data, estimate, labels, { leading }),
    };
  },
};

/** The statistics of a seed with the means `gap` times as far from their centre. */
function pulledApart(classes: number, seed: number, gap: number) {
  const { means, deviations } = drawMixtureStatistics(classes, INFORMATIVE, seed);
  const centre = means[0].map((_, i) => means.reduce((sum, mean) => sum + mean[i] / classes, 0));
  const pulled = means.map((mean) => mean.map((value, i) => centre[i] + gap * (value - centre[i])));
  return { means: gap === 1 ? means : pulled, deviations };
}

/** Whether the two leading latents are the true ones. */
export const isRecovered = ({ measures }: RecoveryTrial): boolean =>
  (measures?.leadingMatch ?? false) && (measures?.mcc ?? 0) >= GOOD_MCC;

/** Whether a true latent is spread over several. */
export const isSplit = ({ measures }: RecoveryTrial): boolean =>
  measures?.carriers.some((latents) => latents.length > 1) ?? false;

/** How many latents the spectrum calls informative, by unmix's own rule. */
export const informativeCount = ({ measures }: MeasuredRecovery): number =>
  informativeLatents(measures.spectrum).count;

/** The factor by which the spectrum falls after the second latent. */
export const fallAfterTwo = ({ measures: { spectrum: sorted } }: MeasuredRecovery): number =>
  sorted[INFORMATIVE - 1].sigma / sorted[INFORMATIVE].sigma;

export const GIN_PAPER = {
  citation:
    "Sorrenson, Rother and Köthe, Disentanglement by Nonlinear ICA with General Incompressible-flow Networks (GIN), ICLR 2020",
  url: "https://arxiv.org/abs/2001.04872",
} as const;

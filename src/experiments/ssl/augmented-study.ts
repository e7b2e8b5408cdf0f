import { z } from "zod";
import { informativeLatents, meanCorrelationCoefficient, spectrum } from "../../analysis/index.js";
import { Random } from "../../engine/random.js";
import { fitSsl } from "../../models/ssl/fit.js";
import { type Mixture, simulateMixture } from "../../simulate/mixture.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { pictureOf, pictureSchema } from "../picture.js";

/** Settings of a trial on artificial data that are augmented along true latents. */
export interface AugmentedSettings {
  /** How many of the two true latents the copies differ in. */
  readonly dimensions: number;
  /** Standard deviation of the noise that is added to the data; 0 for none. */
  readonly noise: number;
  readonly samples: number;
  readonly copies: number;
  readonly epochs: number;
  readonly [name: string]: number;
}

const INFORMATIVE = 2;
const CLUSTERS = 5;
/** Points in a batch, each with all its copies. */
const BATCH = 1000;
/** The share of the epochs that run at a tenth of the learning rate, the last ones. */
const FINAL = 3 / 8;
/** Latents that correlate with true ones by at least so much, on average (MCC), are these. */
export const GOOD = 0.95;

const augmentedMeasures = z.object({
  /** Of the two true latents with the ten estimated, over all samples. */
  mcc: z.number(),
  correlations: z.array(z.number()),
  /** The latent that each true one is matched with. */
  assignment: z.array(z.int()),
  /** Whether these are the two with the largest standard deviation over all data. */
  leadingMatch: z.boolean(),
  /** Largest first by std; `within` is the spread within sets. */
  spectrum: z.array(z.object({ latent: z.int(), sigma: z.number(), std: z.number(), within: z.number() })),
  /** Of the two true latents over all data, largest first. */
  trueDeviations: z.array(z.number()),
  heldOutLogLikelihood: z.number().nullable(),
  epochs: z.int(),
  picture: pictureSchema,
});
export type AugmentedMeasures = z.infer<typeof augmentedMeasures>;
export type AugmentedTrial = Trial<AugmentedSettings, AugmentedMeasures>;
export type MeasuredAugmented = Measured<AugmentedSettings, AugmentedMeasures>;

/** Fits self-supervised GIN to points with copies that differ in true latents, and measures what it finds of these. */
export const augmentedStudy: Study<AugmentedSettings, AugmentedMeasures> = {
  name: "augmented",
  revision: 1,
  measures: augmentedMeasures,
  async run({ dimensions, noise, samples, copies, epochs }, seed, { signal, progress }) {
    const mixture = simulateMixture({ classes: CLUSTERS, samples, seed });
    const { dataset, truth } = mixture;
    const sets = setsOfCopies(mixture, copies, dimensions, seed);
    const { condition, ...unlabelled } = dataset;
    const width = copies * dataset.width;
    const model = await fitSsl(
      unlabelled,
      {
        augment: (_, { index }) => sets.subarray(index * width, (index + 1) * width),
        seed,
        noise,
        batch: BATCH,
        learningRate: 1e-2,
        epochs,
        finalEpochs: Math.round(FINAL * epochs),
        standardise: "none",
      },
      { signal, onProgress: ({ fraction }) => progress(fraction) },
    );
    const estimate = { values: model.encode(dataset.features), samples, width: model.latents };
    const known = { values: truth, samples, width: INFORMATIVE };
    const { mcc, correlations, assignment } = meanCorrelationCoefficient(known, estimate);
    const { labels, classes } = condition;
    const entries = spectrum(estimate, labels, classes.length, "std");
    const leading = entries.slice(0, INFORMATIVE).map(({ latent }) => latent);
    const data = { values: dataset.features, samples, width: dataset.width };
    return {
      mcc,
      correlations,
      assignment,
      leadingMatch: leading.every((latent) => assignment.includes(latent)),
      spectrum: entries.map((entry) => ({ ...entry, within: model.withinSets[entry.latent] })),
      trueDeviations: spectrum(known, labels, classes.length, "std").map(({ std }) => std),
      heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood ?? null,
      epochs: model.facts.history.length,
      picture: pictureOf(known, data, estimate, labels, { leading }),
    };
  },
};

/** Copies of every point with standard normal noise along the first `dimensions` true latents, mixed as the points are. */
function setsOfCopies(
  { truth, noise, mix, dataset: { samples, width } }: Mixture,
  copies: number,
  dimensions: number,
  seed: number,
): Float32Array {
  const random = new Random(seed, "copies");
  const latents = new Float32Array(samples * copies * width);
  for (let row = 0; row < samples * copies; row++) {
    const sample = Math.floor(row / copies);
    for (let i = 0; i < width; i++) {
      latents[row * width + i] =
        i < INFORMATIVE
          ? truth[sample * INFORMATIVE + i] + (i < dimensions ? random.normal() : 0)
          : noise[sample * (width - INFORMATIVE) + i - INFORMATIVE];
    }
  }
  return mix(latents);
}

/** Whether both true latents are found: the MCC decides. */
export const isFound = ({ measures }: AugmentedTrial): boolean => (measures?.mcc ?? 0) >= GOOD;

/** Whether one of the true latents is found by itself. */
export const isLatentFound = ({ measures }: AugmentedTrial, latent: number): boolean =>
  (measures?.correlations[latent] ?? 0) >= GOOD;

/** How many latents the spectrum calls informative, by unmix's own rule. */
export const informativeCount = ({ measures }: MeasuredAugmented): number =>
  informativeLatents(measures.spectrum, "std").count;

export const SSL_PAPER = {
  citation: "Self-supervised Disentangled Representation Learning, under review at ICLR 2021",
  url: "https://openreview.net/group?id=ICLR.cc/2021/Conference",
} as const;

import { informativeLatents } from "../../analysis/index.js";
import { formatCount } from "../../report/format.js";
import type { Conclusion, ResultTable } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { round } from "../summary.js";
import { SSL_PAPER } from "./augmented-study.js";
import { motionsFigure, spectraFigure, walksFigure } from "./digits-figures.js";
import { type SslDigitsMeasures, type SslDigitsTrial, sslDigitsStudy } from "./digits-study.js";
import { DIGIT_AUGMENTATIONS, lastStageCase, sslTraining } from "./digits-training.js";

/** A latent is large whose spread is at least this part of the largest. */
const LARGE = 0.2;
/** A latent follows a motion where it correlates with its amount by at least so much. */
const FOLLOWS = 0.8;
/** Latents among which the paper finds the motions. */
const LEADING = 20;
const LISTED = 20;

const largeCount = (deviations: readonly number[]): number =>
  deviations.filter((deviation) => deviation >= LARGE * Math.max(...deviations)).length;

/** The latent that follows each motion best. */
const followers = ({ correlations }: SslDigitsMeasures) =>
  correlations.map(({ motion, values }) => {
    const value = Math.max(...values);
    return { motion, rank: values.indexOf(value) + 1, value };
  });

export const sslDigits = defineExperiment({
  id: "ssl-digits",
  title: "Digits without labels",
  source: { ...SSL_PAPER, place: "Section 4.3, Fig. 2 and 4 to 10" },
  says:
    "Trained on EMNIST digits that are shifted, turned and enlarged, the spectrum has a sharp knee after nearly 20 latents; the first are " +
    "the transformations themselves, the others interpretable, down to the existence of a crossbar.",
  method:
    `GIN's image network, fitted by unmix fit --method ssl --augment ${DIGIT_AUGMENTATIONS}: seven copies of each image, one for each ` +
    "combination, and the image itself, with noise 0.01, share a Gaussian; 20 images a batch. The paper trains 20 epochs of 240,000 " +
    "images at a learning rate of 0.03 and then 0.003. Here that rate did not get the likelihood up, while 0.003 did; 3,000 steps " +
    "on 12,000 images of MNIST, 1,200 of them at a tenth of that, are a hundredth of the paper's. Labels are used for the digits' means only. " +
    "Spreads are those over test images; for the correlations images are moved in one way at a time, by random amounts, " +
    "which are then compared with the change of each latent.",
  study: sslDigitsStudy,
  training: sslTraining,
  cases: (scale, inputs) =>
    lastStageCase(
      inputs,
      scale === "full" ? { images: 10_000, moved: 2000, walks: 10 } : { images: 300, moved: 100, walks: 2 },
    ),
  seeds: [1],
  conclude: concludeDigits,
});

function concludeDigits(trials: readonly SslDigitsTrial[]): Conclusion {
  const last = measured(trials).at(-1);
  if (last === undefined) return { headline: "no model", findings: [], numbers: {}, tables: [], figures: [] };
  const { measures } = last;
  const { spectrum, untrained, steps, images, test } = measures;
  const large = largeCount(spectrum.map(({ std }) => std));
  const before = largeCount(untrained);
  const rule = informativeLatents(spectrum, "std");
  const found = followers(measures);
  const told = found.map(
    ({ motion, rank, value }) => `${motion} by number ${rank} (correlation ${value.toFixed(2)})`,
  );
  const following = found.filter(({ value, rank }) => value >= FOLLOWS && rank <= LEADING).length;
  return {
    headline:
      `after ${formatCount(steps)} steps ${large} latents have at least a fifth of the largest spread, ${before} before training; ` +
      `${following} of ${found.length} transformations are followed by one of the first ${LEADING}`,
    findings: [
      {
        paper: "Nearly 20 latents have high standard deviations; most have before training.",
        ours:
          `${large} of ${spectrum.length} have at least a fifth of the largest over ${formatCount(images)} images of ${test}, ${before} before ` +
          `training. unmix's rule: ${rule.count}. ${rule.reason}`,
        agrees: large >= 10 && large <= 40 && before >= 3 * large,
      },
      {
        paper:
          "The first latents are horizontal translation and rotation; vertical translation and scaling are divided into heights and widths of the halves.",
        ours: `Most closely followed are: ${told.join(", ")}.`,
        agrees: following === found.length,
      },
    ],
    numbers: {
      steps,
      large,
      largeUntrained: before,
      informative: rule.count,
      followers: found.map(({ motion, rank, value }) => ({ motion, rank, correlation: round(value, 3) })),
    },
    tables: [latentTable(measures)],
    figures: [spectraFigure(last), motionsFigure(last), walksFigure(last)],
  };
}

function latentTable({ spectrum, correlations }: SslDigitsMeasures): ResultTable {
  return {
    title: "The leading latents",
    columns: [
      { title: "rank", number: true },
      { title: "latent", number: true },
      { title: "spread over all images", number: true },
      { title: "within digits", number: true },
      { title: "within sets", number: true },
      ...correlations.map(({ motion }) => ({ title: `correlation with ${motion}`, number: true })),
    ],
    rows: spectrum
      .slice(0, LISTED)
      .map(({ latent, std, sigma, within }, rank) => [
        String(rank + 1),
        String(latent),
        std.toPrecision(3),
        sigma.toPrecision(3),
        within.toPrecision(3),
        ...correlations.map(({ values }) => values[rank].toFixed(2)),
      ]),
  };
}

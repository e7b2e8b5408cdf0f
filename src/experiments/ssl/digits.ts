import { informativeLatents } from "../../analysis/index.js";
import { formatCount } from "../../report/format.js";
import type { Conclusion, ResultTable } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { round } from "../summary.js";
import { SSL_PAPER } from "./augmented-study.js";
import { followers, LEADING, motionsFigure, spectraFigure, walksFigure } from "./digits-figures.js";
import { type SslDigitsMeasures, type SslDigitsTrial, sslDigitsStudy } from "./digits-study.js";
import { DIGIT_AUGMENTATIONS, lastStageCase, sslTraining } from "./digits-training.js";

/** Parts of the largest spread, from which on latents are counted. */
const SHARES = [0.5, 0.2, 0.1] as const;
const SHARE_NAMES = ["half", "a fifth", "a tenth"] as const;
/** Latents that the paper calls nearly twenty. */
const NEARLY_TWENTY = { from: 10, to: 40 } as const;
/** A latent follows a motion where it correlates with its amount by at least so much. */
const FOLLOWS = 0.8;
const LISTED = 20;

/** How many deviations are at least each share of the largest. */
const largeCounts = (deviations: readonly number[]): number[] =>
  SHARES.map(
    (share) => deviations.filter((deviation) => deviation >= share * Math.max(...deviations)).length,
  );

export const sslDigits = defineExperiment({
  id: "ssl-digits",
  title: "Digits without labels",
  source: { ...SSL_PAPER, place: "Section 4.3, Fig. 2 and 4 to 10" },
  says:
    "Trained on EMNIST digits that are shifted, turned and enlarged, the spectrum has a sharp knee after nearly 20 latents; the first are " +
    "the transformations themselves, the others interpretable, down to the existence of a crossbar.",
  method:
    `GIN's image network, fitted by unmix fit --method ssl --augment ${DIGIT_AUGMENTATIONS}: seven copies of each image, one for each ` +
    "combination, and the image itself, with noise 0.01, share a Gaussian; 20 images a batch. The paper's learning rate, 0.03, makes " +
    "the likelihood fall here, and 0.01 as well; 0.003 does not. Labels are used for the digits' means only. " +
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
  const { spectrum, untrained, images, test } = measures;
  const steps = measures.history.length * measures.stepsPerEpoch;
  const large = largeCounts(spectrum.map(({ std }) => std));
  const before = largeCounts(untrained);
  const rule = informativeLatents(spectrum, "std");
  const found = followers(measures);
  const told = found.map(
    ({ motion, rank, value }) => `${motion} by number ${rank} (correlation ${value.toFixed(2)})`,
  );
  const following = found.filter(({ value }) => value >= FOLLOWS).length;
  return {
    headline:
      `after ${formatCount(steps)} steps ${large[0]} latents have at least half the largest spread, ${before[0]} before training; ` +
      `the best of the first ${LEADING} correlates with ${found.map(({ motion, value }) => `${motion} by ${value.toFixed(2)}`).join(", ")}`,
    findings: [
      {
        paper: "Trained for 20 epochs of 240,000 images in batches of 20, which are 240,000 steps.",
        ours: `${formatCount(steps)} steps of ${measures.batch} images. ${stillRising(measures)}`,
        agrees: null,
      },
      {
        paper: "Nearly 20 latents have high standard deviations; most have before training.",
        ours:
          `Of ${spectrum.length}, ${SHARE_NAMES.map((name, k) => `${large[k]} have at least ${name} of the largest (${before[k]} before training)`).join(", ")}, ` +
          `over ${formatCount(images)} images of ${test}. unmix's rule: ${rule.count}. ${rule.reason}`,
        agrees: rule.count >= NEARLY_TWENTY.from && rule.count <= NEARLY_TWENTY.to,
      },
      {
        paper:
          "The first latents are horizontal translation and rotation; vertical translation and scaling are divided into heights and widths of the halves.",
        ours: `Of the first ${LEADING} latents, most closely followed are: ${told.join(", ")}.`,
        agrees: following === found.length,
      },
    ],
    numbers: {
      steps,
      large: Object.fromEntries(SHARES.map((share, k) => [share, large[k]])),
      largeUntrained: Object.fromEntries(SHARES.map((share, k) => [share, before[k]])),
      informative: rule.count,
      followers: found.map(({ motion, rank, value }) => ({ motion, rank, correlation: round(value, 3) })),
    },
    tables: [historyTable(measures), latentTable(measures)],
    figures: [spectraFigure(last), motionsFigure(last), walksFigure(last)],
  };
}

/** Whether the likelihood had stopped rising. */
function stillRising({ history }: SslDigitsMeasures): string {
  const [before, last] = history.slice(-2).map(({ trainLogLikelihood }) => trainLogLikelihood);
  if (last === undefined) return "There is one epoch only.";
  return `In the last epoch the log-likelihood of training ${last > before ? "still rose" : "fell"}, from ${before.toFixed(3)} to ${last.toFixed(3)} nats per dimension.`;
}

function historyTable({ history, stepsPerEpoch }: SslDigitsMeasures): ResultTable {
  return {
    title: "Training",
    columns: [
      { title: "steps", number: true },
      { title: "learning rate", number: true },
      { title: "log-likelihood, training", number: true },
      { title: "held out, without noise", number: true },
    ],
    rows: history.map(({ epoch, learningRate, trainLogLikelihood, heldOutLogLikelihood }) => [
      formatCount(epoch * stepsPerEpoch),
      String(Number(learningRate.toPrecision(3))),
      trainLogLikelihood.toFixed(3),
      heldOutLogLikelihood?.toFixed(3) ?? "",
    ]),
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

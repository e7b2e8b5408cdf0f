import { z } from "zod";
import {
  accuracy,
  accuracyCurve,
  aurocCurve,
  bestAssignment,
  type ConditionalGaussian,
  CRITERIA,
  classLogLikelihoods,
  classPosterior,
  correlationMatrix,
  decayCurve,
  meanCorrelationCoefficient,
  type SampleMatrix,
  scoreLatents,
  selectLatents,
  uniformLogPrior,
} from "../../analysis/index.js";
import { fitGin } from "../../models/gin/fit.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { pictureOf, pictureSchema } from "../picture.js";
import { CLASSES, columns, INFORMATIVE, trialData, trueDistribution } from "./data.js";

/** Settings of a trial on the MI paper's artificial data. */
export interface SelectionSettings {
  readonly samples: number;
  /** Samples each for selecting latents, for testing, and of outliers. */
  readonly fresh: number;
  /** Standard deviation of the eight latents that are noise. */
  readonly noise: number;
  readonly prior: "trainable" | "empirical";
  readonly batch: number;
  readonly learningRate: number;
  readonly epochs: number;
  /** Largest norm of the gradient. */
  readonly clip: number;
  readonly [name: string]: string | number;
}

/** Indices of the informative latents among the true ones. */
export const informative: readonly number[] = Array.from({ length: INFORMATIVE }, (_, k) => k);
const numbers = z.array(z.number());
const indices = z.array(z.int());
const perCriterion = <T extends z.ZodType>(schema: T) => z.object({ mi: schema, var: schema, sigma: schema });

const selectionMeasures = z.object({
  /** Of the two true latents with the ten estimated, the best assignment of all. */
  mcc: z.number(),
  assignment: indices,
  /** |correlation| of the true latents, noise last, with the estimated. Shape [10][10]. */
  matrix: z.array(numbers),
  /** The estimated latent that each true one is matched with, noise included. */
  wholeAssignment: indices,
  criteria: perCriterion(
    z.object({
      /** Latents, the highest score first, and their scores. */
      order: indices,
      scores: numbers,
      /** The same of the true latents. */
      trueOrder: indices,
      trueScores: numbers,
      /** Whether the first two are those that match the true ones. */
      right: z.boolean(),
      /** MCC of the true latents with the first two alone. */
      mcc: z.number(),
      /** On the first 1, 2, ... latents. */
      accuracy: numbers,
      auroc: numbers,
    }),
  ),
  /** How many latents mutual information selects by itself, and why. */
  selected: z.int(),
  reason: z.string(),
  /** The noise floor of the mutual information, in nats. */
  floor: z.number(),
  /** What is reached with the true latents and their true distribution. */
  best: z.object({ accuracy: z.number(), auroc: z.number() }),
  heldOutLogLikelihood: z.number().nullable(),
  epochs: z.int(),
  threads: z.int(),
  picture: pictureSchema.extend({ outliers: numbers }),
});
export type SelectionMeasures = z.infer<typeof selectionMeasures>;
export type SelectionTrial = Trial<SelectionSettings, SelectionMeasures>;
export type MeasuredSelection = Measured<SelectionSettings, SelectionMeasures>;

/**
 * Fits GIN to the MI paper's artificial data and measures what each criterion's selection of latents is worth. Latents
 * are ranked on samples that training has not seen, and all measures are taken on a third set.
 */
export const selectionStudy: Study<SelectionSettings, SelectionMeasures> = {
  name: "selection",
  revision: 1,
  measures: selectionMeasures,
  async run(settings, seed, { threads, signal, progress }) {
    const { samples, fresh, noise, prior, batch, learningRate, epochs, clip } = settings;
    const { training, selection, test, outliers, outlierLatents } = trialData(samples, fresh, noise, seed);
    const model = await fitGin(
      training.dataset,
      { seed, prior, batch, learningRate, epochs, clip, threads },
      { signal, onProgress: ({ fraction }) => progress(fraction) },
    );
    const encoded = (values: Float32Array): SampleMatrix => {
      return { values: model.encode(values), samples: values.length / model.dataWidth, width: model.latents };
    };
    const [ranked, tested, strange] = [selection.dataset, test.dataset, { features: outliers.values }].map(
      ({ features }) => encoded(features),
    );
    const { labels } = test.dataset.condition;
    const truth = columns(test.latents, informative);
    const { mcc, assignment } = meanCorrelationCoefficient(truth, tested);
    const matrix = correlationMatrix(test.latents, tested).map((row) => row.map(Math.abs));
    const scores = scoreLatents(ranked, selection.dataset.condition.labels, CLASSES, { seed });
    const trueScores = scoreLatents(selection.latents, selection.dataset.condition.labels, CLASSES, { seed });
    const distribution = model.distribution();
    const logPrior = uniformLogPrior(CLASSES);
    const measureCriterion = (criterion: (typeof CRITERIA)[number]) => {
      const [found, known] = [scores, trueScores].map((each) => decayCurve(each, criterion));
      const order = found.latents;
      const pair = order.slice(0, INFORMATIVE);
      return {
        order: [...order],
        scores: [...found.values],
        trueOrder: [...known.latents],
        trueScores: [...known.values],
        right: pair.every((latent) => assignment.includes(latent)),
        mcc: meanCorrelationCoefficient(truth, columns(tested, pair)).mcc,
        accuracy: [...accuracyCurve(distribution, tested, labels, order, logPrior)],
        auroc: [...aurocCurve(distribution, tested, strange, order, logPrior)],
      };
    };
    const criteria = {
      mi: measureCriterion("mi"),
      var: measureCriterion("var"),
      sigma: measureCriterion("sigma"),
    };
    const { count, reason } = selectLatents(scores, { criterion: "mi", cut: { kind: "usual" } });
    const pairs = Object.fromEntries(
      CRITERIA.map((name) => [name, criteria[name].order.slice(0, INFORMATIVE)]),
    );
    const data = { values: test.dataset.features, samples: test.dataset.samples, width: test.dataset.width };
    return {
      mcc,
      assignment,
      matrix,
      wholeAssignment: bestAssignment(matrix),
      criteria,
      selected: count,
      reason,
      floor: scores.null.level,
      best: {
        accuracy: bestAccuracy(trueDistribution, truth, labels),
        auroc: aurocCurve(
          trueDistribution,
          truth,
          columns(outlierLatents, informative),
          informative,
          logPrior,
        )[1],
      },
      heldOutLogLikelihood: model.facts.history.at(-1)?.heldOutLogLikelihood ?? null,
      epochs: model.facts.history.length,
      threads: model.facts.configuration.threads,
      picture: {
        ...pictureOf(truth, data, tested, labels, pairs),
        outliers: Array.from(columns(outlierLatents, informative).values.subarray(0, 300), (value) =>
          Number(value.toPrecision(4)),
        ),
      },
    };
  },
};

/** The accuracy of the Bayes classifier that knows the true latents and their distribution: nothing does better. */
function bestAccuracy(distribution: ConditionalGaussian, truth: SampleMatrix, labels: Int32Array): number {
  const likelihoods = classLogLikelihoods(distribution, truth, informative);
  return accuracy(classPosterior(likelihoods, uniformLogPrior(CLASSES)).predicted, labels, CLASSES);
}

export const MI_PAPER = {
  citation:
    "Identifying Informative Latent Variables Learned by GIN via Mutual Information, submitted to ICLR 2021",
  url: "https://openreview.net/forum?id=Mub9VkGZoZe",
} as const;

/** What a selection must reach to count as good. */
export const GOOD_MCC = 0.95;

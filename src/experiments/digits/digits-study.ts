import { z } from "zod";
import {
  accuracyCurve,
  auroc,
  CRITERIA,
  type Criterion,
  classLogLikelihoods,
  decayCurve,
  outlierScores,
  rocCurve,
  type SampleMatrix,
  selectLatents,
  uniformLogPrior,
} from "../../analysis/index.js";
import type { Measured, Study, Trial } from "../experiment.js";
import { encoded, heldOutLatents, runOf, stageOf, TEST, testImages } from "./data.js";
import { dependenceOf } from "./dependence.js";

/** Settings of a trial: a model at one stage of its training, and what it is tried on. */
export interface DigitsSettings {
  /** Digest of the model's file. */
  readonly model: string;
  readonly epoch: number;
  /** Digests of the data that the user gave; a text without meaning otherwise. */
  readonly data: string;
  /** At most so many images are tested, and latents are ranked on as many. */
  readonly images: number;
  readonly [name: string]: string | number;
}

/** The number of latents that the paper chooses by MI. */
export const FEW = 30;

/** What the paper compares: 30 latents by MI, 300 by variance. */
export const COMPARED: readonly { readonly criterion: Criterion; readonly count: number }[] = [
  { criterion: "mi", count: FEW },
  { criterion: "var", count: 300 },
];

/** Numbers of latents at which outliers are told. */
const OUTLIER_COUNTS = [1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200, 300, 500] as const;

const numbers = z.array(z.number());
const perCriterion = <T extends z.ZodType>(schema: T) => z.object({ mi: schema, var: schema, sigma: schema });

const digitsMeasures = z.object({
  /** What the images are, and how many of classes that the model knows. */
  test: z.string(),
  images: z.int(),
  classes: z.array(z.string()),
  latents: z.int(),
  /** Accuracy with the first 1, 2, ... latents. */
  accuracy: perCriterion(numbers),
  /** What the first 30 latents have in common within classes; null where a class has too few held-out images. */
  dependence: perCriterion(
    z
      .object({
        /** Mean of |correlation| within classes. */
        correlation: z.number(),
        /** Accuracy where p(w|u) has a full covariance, fitted to held-out images. */
        fullAccuracy: z.number(),
      })
      .nullable(),
  ),
  /** How many latents mutual information selects by itself, and why. */
  selected: z.int(),
  reason: z.string(),
  /** Noise floor of the mutual information, in nats. */
  floor: z.number(),
  outliers: z.array(
    z.object({
      name: z.string(),
      images: z.int(),
      counts: z.array(z.int()),
      auroc: perCriterion(numbers),
    }),
  ),
  picture: z.object({
    /** Sorted scores of all latents. */
    decay: perCriterion(numbers),
    /** ROC curves of each set of outliers, by what latents are used. */
    roc: z.array(
      z.object({
        outliers: z.string(),
        latents: z.string(),
        points: z.array(z.tuple([z.number(), z.number()])),
      }),
    ),
  }),
});
export type DigitsMeasures = z.infer<typeof digitsMeasures>;
export type DigitsTrial = Trial<DigitsSettings, DigitsMeasures>;
export type MeasuredDigits = Measured<DigitsSettings, DigitsMeasures>;

/** What the latents of a model of images are good for, by the criterion that they are chosen by. */
export const digitsStudy: Study<DigitsSettings, DigitsMeasures> = {
  name: "digits",
  revision: 2,
  measures: digitsMeasures,
  async run({ model: digest, images }, _seed, { inputs, progress }) {
    const model = await stageOf(inputs, digest).load();
    const test = await testImages(model, inputs, images);
    const ranked = await heldOutLatents(model, runOf(inputs), images);
    const { scores } = ranked;
    progress(0.3);
    const latents = encoded(model, test.known);
    const distribution = model.distribution();
    const logPrior = uniformLogPrior(distribution.classes.length);
    const curves = by((criterion) => decayCurve(scores, criterion));
    const accuracy = by((criterion) =>
      short(accuracyCurve(distribution, latents, test.labels, curves[criterion].latents, logPrior)),
    );
    const tested = { latents, labels: test.labels };
    const dependence = by((criterion) =>
      dependenceOf(ranked, tested, curves[criterion].latents.slice(0, FEW), distribution.classes.length),
    );
    progress(0.6);
    const sets = [
      ...(test.unknown ? [{ name: "classes that the model does not know", dataset: test.unknown }] : []),
      ...(await Promise.all(
        inputs.data
          .filter(({ name }) => name !== TEST)
          .map(async ({ name, read }) => ({ name, dataset: await read() })),
      )),
    ].map(({ name, dataset }) => ({ name, latents: encoded(model, dataset) }));
    const strangeness = (of: SampleMatrix, criterion: Criterion, count: number) => {
      const selection = curves[criterion].latents.slice(0, count);
      return outlierScores(classLogLikelihoods(distribution, of, selection), logPrior);
    };
    const counts = [...OUTLIER_COUNTS.filter((count) => count < model.latents), model.latents];
    const { count, reason } = selectLatents(scores, { criterion: "mi", cut: { kind: "usual" } });
    return {
      test: test.name,
      images: test.known.samples,
      classes: [...distribution.classes],
      latents: model.latents,
      accuracy,
      dependence,
      selected: count,
      reason,
      floor: scores.null.level,
      outliers: sets.map(({ name, latents: strange }) => ({
        name,
        images: strange.samples,
        counts,
        auroc: by((criterion) =>
          short(
            counts.map((at) =>
              auroc(strangeness(latents, criterion, at), strangeness(strange, criterion, at)),
            ),
          ),
        ),
      })),
      picture: {
        decay: by((criterion) => short(curves[criterion].values)),
        roc: sets.flatMap(({ name, latents: strange }) =>
          COMPARED.filter(({ count: at }) => at <= model.latents).map(({ criterion, count: at }) => ({
            outliers: name,
            latents: `${criterion}:${at}`,
            points: thinned(
              rocCurve(strangeness(latents, criterion, at), strangeness(strange, criterion, at)).map(
                ({ falseAlarmRate, detectionRate }) => [falseAlarmRate, detectionRate],
              ),
            ),
          })),
        ),
      },
    };
  },
};

/** Something for each criterion. */
const by = <T>(of: (criterion: Criterion) => T): Record<Criterion, T> => ({
  mi: of(CRITERIA[0]),
  var: of(CRITERIA[1]),
  sigma: of(CRITERIA[2]),
});

const short = (values: Iterable<number>): number[] =>
  Array.from(values, (value) => Number(value.toPrecision(5)));

/** At most some two hundred points of a curve, its ends among them. */
function thinned(points: readonly (readonly number[])[]): [number, number][] {
  const stride = Math.max(1, Math.ceil(points.length / 200));
  return points
    .filter((_, k) => k % stride === 0 || k === points.length - 1)
    .map(([x, y]) => [Number(x.toFixed(4)), Number(y.toFixed(4))]);
}

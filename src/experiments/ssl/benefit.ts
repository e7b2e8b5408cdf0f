import { z } from "zod";
import { accuracy } from "../../analysis/classifier.js";
import { type SampleMatrix, selectColumns } from "../../analysis/index.js";
import { fitLogisticRegression, predictClasses } from "../../analysis/logistic-regression.js";
import { conditionedOrWhole } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { selectSamples } from "../../data/split.js";
import type { Model } from "../../models/model.js";
import { fitPca } from "../../models/pca/pca.js";
import { modelSpectrum } from "../../report/describe-fit.js";
import { curvesFigure } from "../../report/figures/curves.js";
import { standalone } from "../../report/panels.js";
import { evenlySpread } from "../../report/rows.js";
import type { Conclusion } from "../conclusion.js";
import { encoded, runOf, stageOf, testImages } from "../digits/data.js";
import { defineExperiment, type Measured, measured, type Study, type Trial } from "../experiment.js";
import type { Inputs } from "../inputs.js";
import { SSL_PAPER } from "./augmented-study.js";
import { selfSupervised } from "./digits-study.js";
import { lastStageCase, sslTraining } from "./digits-training.js";

interface BenefitSettings {
  readonly model: string;
  readonly epoch: number;
  /** Digest of the supervised model; "none" where there is none. */
  readonly supervised: string;
  readonly training: number;
  readonly test: number;
  readonly most: number;
  readonly [name: string]: string | number;
}

const STEP = 5;
const SUPERVISED = "supervised";

const benefitMeasures = z.object({
  test: z.string(),
  images: z.int(),
  counts: z.array(z.int()),
  /** Accuracy with the first so many features of each kind. */
  curves: z.array(z.object({ name: z.string(), accuracy: z.array(z.number()) })),
});
type BenefitMeasures = z.infer<typeof benefitMeasures>;
type BenefitTrial = Trial<BenefitSettings, BenefitMeasures>;

/** Features of images, and which of them come first. */
interface Features {
  readonly name: string;
  readonly of: (images: Dataset) => SampleMatrix;
  readonly order: readonly number[];
}

/** How well a linear classifier tells digits apart from the first features of each kind. */
const benefitStudy: Study<BenefitSettings, BenefitMeasures> = {
  name: "ssl-benefit",
  revision: 1,
  measures: benefitMeasures,
  async run({ model: digest, training, test: tested, most }, _seed, { inputs, progress, signal }) {
    const model = selfSupervised(await stageOf(inputs, digest).load());
    const test = await testImages(model, inputs, tested);
    const all = conditionedOrWhole(await runOf(inputs).data());
    const known = conditionedOrWhole(selectSamples(all, evenlySpread(all.samples, training)));
    const { classes, labels } = known.condition;
    const kinds = await featuresOf(model, inputs, known, most);
    const counts = Array.from({ length: Math.floor(most / STEP) }, (_, k) => STEP * (k + 1));
    const curves: { name: string; accuracy: number[] }[] = [];
    for (const { name, of, order } of kinds) {
      const [fitted, tried] = [of(known), of(test.known)];
      const own: number[] = [];
      for (const count of counts) {
        signal?.throwIfAborted();
        const chosen = order.slice(0, count);
        const classifier = fitLogisticRegression(selectColumns(fitted, chosen), labels, classes.length);
        const predicted = predictClasses(classifier, selectColumns(tried, chosen));
        own.push(Number(accuracy(predicted, test.labels, classes.length).toFixed(4)));
        progress((curves.length + own.length / counts.length) / kinds.length);
        // So that an interruption is heard.
        await new Promise((resolve) => setTimeout(resolve));
      }
      curves.push({ name, accuracy: own });
    }
    return { test: test.name, images: test.known.samples, counts, curves };
  },
};

async function featuresOf(model: Model, inputs: Inputs, known: Dataset, most: number): Promise<Features[]> {
  const byModel = (name: string, of: Model): Features => ({
    name,
    of: (images) => encoded(of, images),
    order: modelSpectrum(of).map(({ latent }) => latent),
  });
  const supervised = inputs.models.find(({ name }) => name === SUPERVISED);
  const pca = await fitPca(known, { components: most, heldOut: 0 });
  return [
    ...(supervised ? [byModel("supervised GIN", await supervised.load())] : []),
    byModel("self-supervised GIN", model),
    byModel("PCA", pca),
    {
      name: "pixels",
      of: ({ features, samples, width }) => ({ values: features, samples, width }),
      order: byVariance(known),
    },
  ];
}

/** Columns, that of largest variance first. */
function byVariance({ features, samples, width }: Dataset): number[] {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  features.forEach((value, k) => {
    sums[k % width] += value;
    squares[k % width] += value * value;
  });
  const variance = sums.map((sum, j) => squares[j] / samples - (sum / samples) ** 2);
  return [...variance.keys()].sort((a, b) => variance[b] - variance[a] || a - b);
}

const percent = (value: number | undefined): string =>
  value === undefined ? "not done" : `${(100 * value).toFixed(1)} %`;

/** What is told in words: that with the fewest features, and with the most. */
function told({ counts, curves }: BenefitMeasures, count: number): string {
  const at = counts.indexOf(count);
  return curves.map(({ name, accuracy: own }) => `${percent(own[at])} ${name}`).join(", ");
}

export const sslBenefit = defineExperiment({
  id: "ssl-benefit",
  title: "Does it help? A linear classifier on the leading latents",
  source: { ...SSL_PAPER, place: "Section 2, which leaves classification to future work" },
  says: "The paper leaves further applications, such as classification, to future work.",
  method:
    "Multinomial logistic regression on the k first features: latents of the self-supervised model of ssl-digits by their spread over " +
    "all images; of a GIN that was fitted with labels, by its spread within digits (--models supervised=RUN); principal " +
    "components; and the pixels of largest variance. Classifiers are fitted to 10,000 images of the training set and tried on the test digits.",
  study: benefitStudy,
  training: sslTraining,
  cases: (scale, inputs) =>
    lastStageCase(inputs, {
      supervised: inputs.models.find(({ name }) => name === SUPERVISED)?.digest ?? "none",
      ...(scale === "full"
        ? { training: 10_000, test: 10_000, most: 50 }
        : { training: 400, test: 300, most: 10 }),
    }),
  seeds: [1],
  conclude: concludeBenefit,
});

function concludeBenefit(trials: readonly BenefitTrial[]): Conclusion {
  const last = measured(trials).at(-1);
  if (last === undefined) return { headline: "no model", findings: [], numbers: {}, tables: [], figures: [] };
  const { measures } = last;
  const { counts, curves, images, test } = measures;
  const [few, most] = [counts[Math.min(1, counts.length - 1)], counts[counts.length - 1]];
  return {
    headline: `test accuracy with ${few} features ${told(measures, few)}; with ${most} ${told(measures, most)}`,
    findings: [
      {
        paper: "No classification is tried.",
        ours: `On ${images.toLocaleString("en-US")} images of ${test}, with ${few} features: ${told(measures, few)}. With ${most}: ${told(measures, most)}.`,
        agrees: null,
      },
    ],
    numbers: Object.fromEntries(
      curves.map(({ name, accuracy: own }) => [
        name,
        Object.fromEntries(counts.map((count, k) => [count, own[k]])),
      ]),
    ),
    tables: [
      {
        title: "Test accuracy by number of features",
        columns: [{ title: "features" }, ...counts.map((count) => ({ title: String(count), number: true }))],
        rows: curves.map(({ name, accuracy: own }) => [name, ...own.map(percent)]),
      },
    ],
    figures: [benefitFigure(last)],
  };
}

function benefitFigure({ measures: { counts, curves } }: Measured<BenefitSettings, BenefitMeasures>) {
  const title = "Test accuracy of a linear classifier on the first features";
  return {
    name: "accuracy",
    title,
    caption:
      "Share of test digits that multinomial logistic regression tells right, by the number of features that it has.",
    svg: standalone(
      title,
      curvesFigure(
        curves.map(({ name, accuracy: own }) => ({
          name,
          points: own.map((y, k) => ({ x: counts[k], y })),
        })),
        { label: title, xLabel: "number of features", yLabel: "accuracy", ticks: counts },
      ),
    ),
  };
}

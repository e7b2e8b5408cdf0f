import { defineExperiment } from "../experiment.js";
import { groupBy, seedRange, told } from "../summary.js";
import { dotsFigure, medianOf, numbersOf, rangeText, summaryTable, trialTable } from "./figures.js";
import { atScale, caseOf, METHOD, named } from "./settings.js";
import { type Estimator, IVAE_PAPER, type SegmentTrial, segmentStudy } from "./study.js";

const FEATURES = [20, 50, 100] as const;
const COMPARED: readonly Estimator[] = ["ivae", "vae"];
const EPOCHS = 40;

const featuresOf = ({ case: { settings } }: SegmentTrial) => settings.features;
const of = (trials: readonly SegmentTrial[], estimator: Estimator) =>
  trials.filter(({ case: { settings } }) => settings.estimator === estimator);

export const discrete = defineExperiment({
  id: "ivae-discrete",
  title: "Ones and zeros",
  source: { ...IVAE_PAPER, place: "Supplementary Section I.2" },
  says: "From discrete observations, too, iVAE finds latents that correlate with the true sources better than a VAE's.",
  method:
    `${METHOD} Here two sources, whose means differ as well, are mixed by two layers into 20, 50 or 100 dimensions, and each is observed as a coin ` +
    `that shows 1 with the logistic function of the mixture as its probability; decoders are Bernoulli; both have ${EPOCHS} epochs and a bound of one code. A coin tells little, so ` +
    "that no estimator can reach a correlation of 1: the more coins, the more can be known.",
  study: segmentStudy,
  cases: (scale) =>
    atScale(
      scale,
      FEATURES.flatMap((features) =>
        COMPARED.map((estimator) =>
          caseOf(
            `${named(estimator)}, ${features} coins`,
            estimator,
            { sources: 2, features, layers: 2, segments: 20, centred: false, observations: "bernoulli" },
            { epochs: EPOCHS, codes: 1 },
          ),
        ),
      ),
    ),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const byCount = [...groupBy(trials, (trial) => String(featuresOf(trial)))];
    const each = (estimator: Estimator) =>
      byCount.map(([count, own]) => `${rangeText(of(own, estimator))} with ${count}`).join(", ");
    return {
      headline: `median MCC of iVAE ${byCount.map(([count, own]) => `${told(medianOf(of(own, "ivae")))} with ${count} coins`).join(", ")}; of the VAE ${byCount.map(([, own]) => told(medianOf(of(own, "vae")))).join(", ")}`,
      numbers: numbersOf(trials),
      findings: [
        {
          paper: "iVAE finds more than the VAE.",
          ours: `iVAE: ${each("ivae")}. VAE: ${each("vae")}.`,
          agrees: byCount.every(([, own]) => medianOf(of(own, "ivae")) > medianOf(of(own, "vae"))),
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC by number of binary observations",
          caption: "Every trial; lines join the medians.",
          xLabel: "dimensions, each a coin",
          place: (trial) => String(featuresOf(trial)),
          joined: true,
        }),
      ],
    };
  },
});

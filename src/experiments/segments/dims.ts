import { defineExperiment } from "../experiment.js";
import { groupBy, seedRange, told } from "../summary.js";
import { dotsFigure, medianOf, numbersOf, rangeText, summaryTable, trialTable } from "./figures.js";
import { atScale, caseOf, METHOD, named } from "./settings.js";
import { type Estimator, IVAE_PAPER, type SegmentTrial, segmentStudy } from "./study.js";

const SOURCES = [2, 3, 4, 5] as const;
const COMPARED: readonly Estimator[] = ["ivae", "vae"];

const sourcesOf = ({ case: { settings } }: SegmentTrial) => settings.sources;
const of = (trials: readonly SegmentTrial[], estimator: Estimator) =>
  trials.filter(({ case: { settings } }) => settings.estimator === estimator);

export const dims = defineExperiment({
  id: "ivae-dims",
  title: "Fewer sources than dimensions",
  source: { ...IVAE_PAPER, place: "Section 5.1, Fig. 2b" },
  says: "With five dimensions and two to five sources, iVAE has much higher correlations than VAEs, the more so the more sources.",
  method: `${METHOD} Here two to five sources are mixed into five dimensions.`,
  study: segmentStudy,
  cases: (scale) =>
    atScale(
      scale,
      SOURCES.flatMap((sources) =>
        COMPARED.map((estimator) =>
          caseOf(`${named(estimator)}, ${sources} sources`, estimator, { sources }),
        ),
      ),
    ),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const byCount = [...groupBy(trials, (trial) => String(sourcesOf(trial)))];
    const gaps = byCount.map(([, own]) => medianOf(of(own, "ivae")) - medianOf(of(own, "vae")));
    const each = (estimator: Estimator) =>
      byCount.map(([count, own]) => `${rangeText(of(own, estimator))} with ${count}`).join(", ");
    return {
      headline: `median MCC of iVAE ${byCount.map(([count, own]) => `${told(medianOf(of(own, "ivae")))} with ${count} sources`).join(", ")}; of the VAE ${byCount.map(([, own]) => told(medianOf(of(own, "vae")))).join(", ")}`,
      numbers: numbersOf(trials),
      findings: [
        {
          paper: "iVAE is better at every number of sources.",
          ours: `iVAE: ${each("ivae")}. VAE: ${each("vae")}.`,
          agrees: gaps.every((gap) => gap > 0),
        },
        {
          paper: "The more sources, the larger the difference.",
          ours: `Differences of the medians: ${gaps.map((gap) => told(gap)).join(", ")}.`,
          agrees: gaps.length > 1 ? gaps[gaps.length - 1] > gaps[0] : null,
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC by number of sources",
          caption: "Every trial; lines join the medians.",
          xLabel: "sources, in five dimensions",
          place: (trial) => String(sourcesOf(trial)),
          joined: true,
        }),
      ],
    };
  },
});

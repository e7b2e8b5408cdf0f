import { defineExperiment } from "../experiment.js";
import { seedRange, told } from "../summary.js";
import {
  courseFigure,
  dotsFigure,
  medianOf,
  numbersOf,
  rangeText,
  summaryTable,
  trialTable,
} from "./figures.js";
import { atScale, caseOf, METHOD, named } from "./settings.js";
import { type Estimator, IVAE_PAPER, type SegmentTrial, segmentStudy } from "./study.js";

const COMPARED: readonly Estimator[] = ["flow-none", "flow-mean"];
const TARGET = 0.97;

const of = (trials: readonly SegmentTrial[], estimator: Estimator) =>
  trials.filter(({ case: { settings } }) => settings.estimator === estimator);

export const flows = defineExperiment({
  id: "ivae-flows",
  title: "Conditional flows on the same data",
  source: { ...IVAE_PAPER, place: "Section 2.3 and its remark on normalizing flows, Section 3.1" },
  says: "The model contains normalizing flows as a special case, without noise and with an invertible mixing; how they do is not reported.",
  method: METHOD,
  study: segmentStudy,
  cases: (scale) =>
    atScale(
      scale,
      COMPARED.map((estimator) => caseOf(named(estimator), estimator)),
    ),
  seeds: seedRange(1, 10),
  conclude(trials) {
    const [free, kept] = COMPARED.map((estimator) => of(trials, estimator));
    return {
      headline: `median MCC of centred data ${told(medianOf(free))} with a free volume, ${told(medianOf(kept))} where it is preserved`,
      numbers: numbersOf(trials),
      findings: [
        {
          paper: "Not reported.",
          ours: `Free volume ${rangeText(free)}, preserved ${rangeText(kept)}; the aim was ${TARGET}.`,
          agrees: null,
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC of every trial",
          caption: "Centred data, every trial.",
          xLabel: "flow",
          place: ({ case: { name } }) => name,
          group: () => "",
        }),
        ...courseFigure(trials, "Thin lines are trials, thick ones means."),
      ],
    };
  },
});

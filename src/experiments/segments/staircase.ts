import { defineExperiment, measured } from "../experiment.js";
import { seedRange, told } from "../summary.js";
import {
  dotsFigure,
  estimatorOf,
  medianOf,
  numbersOf,
  rangeText,
  summaryTable,
  trialTable,
  type Value,
} from "./figures.js";
import { atScale, caseOf, METHOD } from "./settings.js";
import { type Estimator, IVAE_PAPER, type SegmentTrial, segmentStudy } from "./study.js";

const of = (trials: readonly SegmentTrial[], estimator: Estimator) =>
  trials.filter(({ case: { settings } }) => settings.estimator === estimator);
/** The better of two measures, as TCL's features may or may not have a sign. */
const best: Value = ({ measures }) => Math.max(measures.mcc, measures.magnitudeMcc);

export const staircase = defineExperiment({
  id: "ivae-staircase",
  title: "Where segments are told apart without unmixing",
  source: { ...IVAE_PAPER, place: "Section 5.1, Fig. 3b, and Supplementary Section H.2" },
  says:
    "Where one source's mean alone tells the segments apart, TCL classifies them well without unmixing and fails to find the " +
    "sources; iVAE does not suffer from that.",
  method:
    `${METHOD} Here the first source has the means 0, 3, 6 and so on in random order of the segments, and the first dimension of ` +
    "the data depends on it alone. TCL is trained on centred data beside, for comparison of what it tells right.",
  study: segmentStudy,
  cases: (scale) =>
    atScale(scale, [
      caseOf("iVAE, staircase", "ivae", { staircase: true }),
      caseOf("TCL, staircase", "tcl", { staircase: true }),
      caseOf("iVAE, centred", "ivae"),
      caseOf("TCL, centred", "tcl"),
    ]),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const isStaircase = ({ case: { settings } }: SegmentTrial) => settings.staircase;
    const [steps, usual] = [trials.filter(isStaircase), trials.filter((trial) => !isStaircase(trial))];
    const accuracy = (own: readonly SegmentTrial[]) => {
      const value = medianOf(
        of(own, "tcl").filter(({ measures }) => measures?.accuracy !== null),
        ({ measures }) => measures.accuracy ?? 0,
      );
      return Number.isNaN(value) ? "no number" : `${(100 * value).toFixed(0)} %`;
    };
    const [ivae, tcl] = [medianOf(of(steps, "ivae")), medianOf(of(steps, "tcl"), best)];
    return {
      headline: `staircase: TCL tells ${accuracy(steps)} of the segments right (centred data: ${accuracy(usual)}) and has median MCC ${told(tcl)}; iVAE ${told(ivae)}`,
      numbers: { mcc: numbersOf(trials), best: numbersOf(trials, best), measured: measured(trials).length },
      findings: [
        {
          paper: "TCL classifies well.",
          ours: `It tells ${accuracy(steps)} of the segments right, on centred data ${accuracy(usual)}.`,
          agrees: medianOf(of(steps, "tcl"), ({ measures }) => measures.accuracy ?? 0) > 0.3,
        },
        {
          paper: "TCL fails to unmix.",
          ours: `With the sources or their magnitudes, whichever is more: ${rangeText(of(steps, "tcl"), best)}; on centred data ${rangeText(of(usual, "tcl"), best)}.`,
          agrees: tcl < medianOf(of(usual, "tcl"), best),
        },
        {
          paper: "iVAE does not fail.",
          ours: `${rangeText(of(steps, "ivae"))}; on centred data ${rangeText(of(usual, "ivae"))}.`,
          agrees: ivae > tcl,
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC with and without the staircase",
          caption:
            "Every trial. iVAE with the true sources, TCL with the sources or their absolute values, whichever it matches better.",
          xLabel: "data",
          yLabel: "MCC",
          place: (trial) => (isStaircase(trial) ? "staircase" : "centred"),
          group: estimatorOf,
          value: (trial) => (trial.case.settings.estimator === "tcl" ? best(trial) : trial.measures.mcc),
        }),
      ],
    };
  },
});

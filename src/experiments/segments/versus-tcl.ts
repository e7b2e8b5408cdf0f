import { defineExperiment } from "../experiment.js";
import { groupBy, seedRange, told } from "../summary.js";
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
import { atScale, caseOf, METHOD, named } from "./settings.js";
import { type Estimator, IVAE_PAPER, type SegmentTrial, segmentStudy } from "./study.js";

const SEGMENTS = [10, 20, 30, 40, 50] as const;
const COMPARED: readonly Estimator[] = ["ivae", "tcl"];

const of = (trials: readonly SegmentTrial[], estimator: Estimator) =>
  trials.filter(({ case: { settings } }) => settings.estimator === estimator);
const magnitude: Value = ({ measures }) => measures.magnitudeMcc;
/** What each can find at best: iVAE the sources, TCL their absolute values. */
const own: Value = (trial) =>
  trial.case.settings.estimator === "tcl" ? magnitude(trial) : trial.measures.mcc;

export const versusTcl = defineExperiment({
  id: "ivae-vs-tcl",
  title: "iVAE and TCL by number of segments",
  source: { ...IVAE_PAPER, place: "Section 5.1, Fig. 3a" },
  says: "Between 10 and 50 segments, iVAE does slightly better than TCL, the best of the methods before it on such data.",
  method:
    `${METHOD} TCL has three layers of 64 maxout units of two pieces, as many features as sources, and FastICA. Where variances alone differ ` +
    "between segments TCL finds the sources without their signs, so that it is compared with their absolute values, by ranks.",
  study: segmentStudy,
  cases: (scale) =>
    atScale(
      scale,
      SEGMENTS.filter((segments) => scale === "full" || segments <= 20).flatMap((segments) =>
        COMPARED.map((estimator) =>
          caseOf(`${named(estimator)}, ${segments} segments`, estimator, { segments }),
        ),
      ),
    ),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const byCount = [...groupBy(trials, (trial) => trial.case.name.split(", ")[1])];
    const each = (estimator: Estimator, value: Value) =>
      byCount
        .map(([count, group]) => `${told(medianOf(of(group, estimator), value))} with ${count}`)
        .join(", ");
    const gaps = byCount.map(
      ([, group]) => medianOf(of(group, "ivae")) - medianOf(of(group, "tcl"), magnitude),
    );
    return {
      headline: `median MCC of iVAE ${each("ivae", own)}; of TCL with the magnitudes ${byCount.map(([, group]) => told(medianOf(of(group, "tcl"), magnitude))).join(", ")}`,
      numbers: { mcc: numbersOf(trials), magnitudes: numbersOf(trials, magnitude) },
      findings: [
        {
          paper: "iVAE does slightly better than TCL.",
          ours: `iVAE with the sources: ${each("ivae", own)}; TCL with their magnitudes: ${each("tcl", magnitude)}; TCL with the sources themselves: ${rangeText(of(trials, "tcl"))}.`,
          agrees: gaps.every((gap) => gap > 0),
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC by number of segments",
          caption:
            "Every trial; lines join the medians. iVAE with the true sources (Pearson), TCL with their absolute values (Spearman).",
          xLabel: "segments",
          yLabel: "MCC with what each can find",
          place: (trial) => trial.case.name.split(", ")[1].replace(" segments", ""),
          group: (trial) => estimatorOf(trial),
          value: own,
          joined: true,
        }),
      ],
    };
  },
});

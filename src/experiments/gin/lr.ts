import { median } from "../../analysis/index.js";
import { defineExperiment, measured } from "../experiment.js";
import { groupBy, seedRange, share } from "../summary.js";
import { recoveryNumbers } from "./conclude.js";
import { EIGHTY_EPOCHS, LONGER, methodText, QUICK } from "./exp1.js";
import { mccFigure, panelsFigure, recoveryTable } from "./figures.js";
import { GIN_PAPER, isRecovered, isSplit, type RecoveryTrial, recovery } from "./recovery.js";

const RATES = [1e-4, 1e-3, 1e-2, 3e-2, 1e-1] as const;

const rateOf = ({ case: { settings } }: RecoveryTrial) => settings.learningRate;

export const lr = defineExperiment({
  id: "gin-lr",
  title: "The initial learning rate",
  source: { ...GIN_PAPER, place: "Section 4.3.1, third observation" },
  says:
    "If the initial learning rate is too low, training gets stuck in bad local optima, where single true latents are split " +
    "into several.",
  method:
    `${methodText(EIGHTY_EPOCHS)} That is at the usual rate; the other rates get the same number of steps, which is enough for the lowest to ` +
    "converge, the last two fifths at a tenth of the rate. Means and standard deviations of the clusters learn at five times the rate, and at least at 0.01.",
  study: recovery,
  cases: (scale) =>
    (scale === "quick" ? [1e-3, 1e-2] : RATES).map((learningRate) => ({
      name: `learning rate ${learningRate}`,
      settings: { ...LONGER, ...(scale === "quick" && QUICK), learningRate },
    })),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const groups = [...groupBy(trials, ({ case: { name } }) => name).values()];
    const byRate = (is: (trial: RecoveryTrial) => boolean) =>
      groups.map((own) => `${share(own, is)} at ${rateOf(own[0])}`).join(", ");
    const [lowest, usual] = [groups[0], groups.find((own) => rateOf(own[0]) === 1e-2) ?? groups[0]];
    return {
      headline: `recovered: ${byRate(isRecovered)}`,
      numbers: Object.fromEntries(groups.map((own) => [own[0].case.name, recoveryNumbers(own)])),
      findings: [
        {
          paper: "Too low a rate sticks in bad optima.",
          ours: `Recovered: ${byRate(isRecovered)}.`,
          agrees: lowest.filter(isRecovered).length < usual.filter(isRecovered).length,
        },
        {
          paper: "There, single true latents are split.",
          ours: `Split: ${byRate(isSplit)}.`,
          agrees: lowest.filter(isSplit).length > usual.filter(isSplit).length,
        },
      ],
      tables: [
        {
          title: "Summary",
          columns: [
            { title: "learning rate", number: true },
            { title: "recovered" },
            { title: "split" },
            { title: "failed" },
            { title: "median MCC", number: true },
            { title: "median held-out log-likelihood", number: true },
          ],
          rows: groups.map((own) => {
            const done = measured(own);
            const middle = (of: (trial: (typeof done)[number]) => number) =>
              done.length === 0 ? "" : median(done.map(of)).toFixed(3);
            return [
              String(rateOf(own[0])),
              share(own, isRecovered),
              share(own, isSplit),
              share(own, ({ failure }) => failure !== null),
              middle(({ measures }) => measures.mcc),
              middle(({ measures }) => measures.heldOutLogLikelihood ?? Number.NaN),
            ];
          }),
        },
        recoveryTable(trials, [
          { title: "learning rate", number: true, cell: (trial) => String(rateOf(trial)) },
        ]),
      ],
      figures: [
        mccFigure(
          trials,
          {
            xLabel: "initial learning rate",
            place: (trial) => String(rateOf(trial)),
            joined: true,
          },
          "Mean correlation of the true latents with those matched to them; the line joins the medians of the seeds.",
        ),
        panelsFigure(
          [lowest, usual].flatMap((own) =>
            measured(own)
              .slice(0, 1)
              .map((trial) => ({
                trial,
                title: `Learning rate ${rateOf(trial)}, seed ${trial.seed}: MCC ${trial.measures.mcc.toFixed(3)}`,
              })),
          ),
          "The first seed at the lowest rate and at the usual one.",
        ),
      ],
    };
  },
});

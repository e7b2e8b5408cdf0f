import { median } from "../../analysis/index.js";
import { formatCount } from "../../report/format.js";
import { defineExperiment, measured } from "../experiment.js";
import { groupBy, round, seedRange, share } from "../summary.js";
import { recoveryNumbers } from "./conclude.js";
import { EXPERIMENT_1, methodText, QUICK, UNTIL_CONVERGED } from "./exp1.js";
import { mccFigure, panelsFigure, recoveryTable } from "./figures.js";
import {
  GIN_PAPER,
  isRecovered,
  isSplit,
  type MeasuredRecovery,
  type RecoveryTrial,
  recovery,
} from "./recovery.js";

const GAPS = [1, 2, 4] as const;
const SAMPLES = [1000, 10_000, 100_000] as const;

const gapOf = ({ case: { settings } }: RecoveryTrial) => settings.gap;
const samplesOf = ({ case: { settings } }: RecoveryTrial) => settings.samples;

export const gap = defineExperiment({
  id: "gin-gap",
  title: "Clusters pulled apart",
  source: { ...GIN_PAPER, place: "Section 4.3.1, second observation" },
  says:
    "Where clusters do not overlap enough, one true latent is split between two or more; more samples, which fill the space " +
    "between the clusters, prevent it.",
  method:
    `${methodText(UNTIL_CONVERGED)} Here the cluster means are moved 1, 2 and 4 times as far ` +
    "from their centre while the spreads stay, at three sizes of the data. A true latent counts as split when not all clusters follow it through the same latent.",
  study: recovery,
  cases: (scale) =>
    scale === "quick"
      ? [1, 4].map((factor) => ({
          name: `means x ${factor}`,
          settings: { ...EXPERIMENT_1, ...QUICK, gap: factor },
        }))
      : SAMPLES.flatMap((samples) =>
          GAPS.map((factor) => ({
            name: `means x ${factor}, ${formatCount(samples)} samples`,
            settings: { ...EXPERIMENT_1, samples, gap: factor },
            work: samples < 100_000 ? 1 : 4,
          })),
        ),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const groups = [...groupBy(trials, ({ case: { name } }) => name).values()];
    const bySize = [...groupBy(trials, (trial) => formatCount(samplesOf(trial)))];
    const apart = trials.filter((trial) => gapOf(trial) > 1);
    const byFactor = [...groupBy(trials, (trial) => String(gapOf(trial)))];
    const sizes = bySize.map(([size, own]) => `${share(own, isRecovered)} with ${size} samples`).join(", ");
    const rates = bySize.map(([, own]) => own.filter(isRecovered).length / own.length);
    const rising =
      rates.every((rate, k) => k === 0 || rate >= rates[k - 1]) && rates[0] < rates[rates.length - 1];
    return {
      headline: `recovered at all distances: ${sizes}`,
      numbers: Object.fromEntries(groups.map((own) => [own[0].case.name, recoveryNumbers(own)])),
      findings: [
        {
          paper: "Gaps split true latents.",
          ours: `Split trials: ${byFactor.map(([factor, own]) => `${share(own, isSplit)} with means x ${factor}`).join(", ")}.`,
          agrees: apart.filter(isSplit).length > 0,
        },
        { paper: "More samples repair it.", ours: `Recovered: ${sizes}.`, agrees: rising },
      ],
      tables: [
        {
          title: "Summary",
          columns: [
            { title: "means x", number: true },
            { title: "samples", number: true },
            { title: "recovered" },
            { title: "split" },
            { title: "median MCC", number: true },
            { title: "median of least overlap", number: true },
          ],
          rows: groups.map((own) => {
            const done = measured(own);
            const overlaps = done.map(({ measures }) => Math.min(...measures.overlap));
            return [
              String(gapOf(own[0])),
              formatCount(samplesOf(own[0])),
              share(own, isRecovered),
              share(own, isSplit),
              done.length === 0 ? "" : round(median(done.map(({ measures }) => measures.mcc)), 3).toFixed(3),
              done.length === 0 ? "" : median(overlaps).toPrecision(2),
            ];
          }),
        },
        recoveryTable(trials, [
          { title: "means x", number: true, cell: (trial) => String(gapOf(trial)) },
          { title: "samples", number: true, cell: (trial) => formatCount(samplesOf(trial)) },
        ]),
      ],
      figures: [
        mccFigure(
          trials,
          {
            xLabel: "distance of the cluster means, as a multiple of the original",
            place: (trial) => String(gapOf(trial)),
            group: (trial) => formatCount(samplesOf(trial)),
            joined: true,
          },
          "Mean correlation of the true latents with those matched to them; a line joins the medians of the seeds. Colours " +
            "are numbers of samples.",
        ),
        panelsFigure(
          example(measured(trials)),
          "A seed whose latents are split from few samples and whole from more, where there is one; otherwise the least " +
            "recovered trial.",
        ),
      ],
    };
  },
});

/** A trial that is split and the same clusters recovered from the most samples; else the one with the lowest MCC. */
function example(trials: readonly MeasuredRecovery[]): { trial: MeasuredRecovery; title: string }[] {
  const told = (trial: MeasuredRecovery) => ({
    trial,
    title:
      `Means x ${gapOf(trial)}, seed ${trial.seed}, ${formatCount(samplesOf(trial))} samples: ` +
      `MCC ${trial.measures.mcc.toFixed(3)}${isSplit(trial) ? ", split" : ""}`,
  });
  const byMcc = trials.toSorted((a, b) => a.measures.mcc - b.measures.mcc);
  for (const bad of byMcc.filter((trial) => isSplit(trial) && !isRecovered(trial))) {
    const good = trials.findLast(
      (trial) => trial.seed === bad.seed && gapOf(trial) === gapOf(bad) && isRecovered(trial),
    );
    if (good && samplesOf(good) > samplesOf(bad)) return [told(bad), told(good)];
  }
  return byMcc.slice(0, 1).map(told);
}

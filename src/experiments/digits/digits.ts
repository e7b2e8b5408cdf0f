import { CRITERIA, type Criterion } from "../../analysis/index.js";
import type { Conclusion, Finding } from "../conclusion.js";
import { defineExperiment, measured, type Scale } from "../experiment.js";
import type { Inputs, Training } from "../inputs.js";
import { MI_PAPER } from "../mi/selection-study.js";
import { round } from "../summary.js";
import { digestOf } from "./data.js";
import { type DigitsTrial, digitsStudy } from "./digits-study.js";
import { accuracyFigure, decayFigures, NAMES, outlierFigures, trainingFigure } from "./figures.js";

/** Numbers of latents in tables. */
const COUNTS = [5, 10, 20, 30, 50, 100, 200, 300, 500, 784];

/** The fit where no run is given: 15,750 steps at full scale. */
export const digitsTraining = (scale: Scale): Training =>
  scale === "full"
    ? {
        name: "digits",
        data: "mnist",
        options: { preset: "image", epochs: 70, finalEpochs: 20, lr: 1e-3, seed: 1, keepEvery: 5 },
      }
    : {
        name: "digits-quick",
        data: "mnist:test",
        options: { preset: "image", epochs: 2, lr: 1e-3, seed: 1, keepEvery: 1 },
      };

/** A case for every stage of the run. */
export const stageCases = (scale: Scale, inputs: Inputs) =>
  (inputs.run?.stages ?? []).map(({ epoch, digest }) => ({
    name: `epoch ${epoch}`,
    settings: { model: digest, epoch, data: digestOf(inputs), images: scale === "quick" ? 500 : 10_000 },
  }));

/** How latents are ranked, and what is measured. */
export const METHOD =
  "Latents are ranked on at most 10,000 images that the fit held out, by mutual information with the digit (MI), standard " +
  "deviation over all images (variance) and within digits (sigma); accuracy is that of p(u|w) with the first latents of each " +
  "ranking, all digits alike often, on test images that the fit never saw. Outliers are told by -log of the sum over digits " +
  "of p(w|u) p(u).";

export const digits = defineExperiment({
  id: "mi-digits",
  title: "Which latents of handwritten digits are good for something",
  source: { ...MI_PAPER, place: "Section 4, Fig. 6 and 7" },
  says:
    "On EMNIST digits, 30 latents chosen by MI classify 94.15 % of test images, variance does best near 300, both get worse " +
    "with more, and letters are told from digits with AUROC 0.763 by MI's 30 against 0.591 by variance's 300.",
  method: `GIN's image network on digits, looked at as training went on. ${METHOD}`,
  study: digitsStudy,
  training: digitsTraining,
  cases: stageCases,
  seeds: [1],
  conclude: concludeDigits,
});

/** What came out of the stages of one model. */
export function concludeDigits(trials: readonly DigitsTrial[]): Conclusion {
  const stages = measured(trials).toSorted((a, b) => a.case.settings.epoch - b.case.settings.epoch);
  const last = stages.at(-1);
  if (last === undefined) return { headline: "no model", findings: [], numbers: {}, tables: [], figures: [] };
  const { measures } = last;
  const at = (criterion: Criterion, count: number) => measures.accuracy[criterion][count - 1] ?? Number.NaN;
  const most = Object.fromEntries(CRITERIA.map((name) => [name, best(measures.accuracy[name])]));
  const percent = (value: number) => (Number.isFinite(value) ? `${(100 * value).toFixed(2)} %` : "no number");
  const few = Math.min(30, measures.latents);
  const counts = COUNTS.filter((count) => count <= measures.latents);
  const outlierTold = measures.outliers.map(({ name, auroc, counts: known }) => {
    const value = (criterion: Criterion, count: number) => {
      const k = known.indexOf(count);
      return k < 0 ? "no number" : auroc[criterion][k].toFixed(3);
    };
    return { name, mi: value("mi", few), variance: value("var", Math.min(300, measures.latents)) };
  });
  const findings: Finding[] = [
    {
      paper: "30 latents by MI: 94.15 %.",
      ours: `${percent(at("mi", few))} with ${few} on ${measures.images.toLocaleString("en-US")} images of ${measures.test}.`,
      agrees: at("mi", few) >= 0.935,
    },
    {
      paper: "By variance the accuracy stays far below that of MI at 30 and is best near 300.",
      ours: `${percent(at("var", few))} with ${few}; best ${percent(most.var.value)} with ${most.var.count}.`,
      agrees: at("mi", few) - at("var", few) > 0.1,
    },
    {
      paper: "With too many latents the accuracy falls.",
      ours:
        `By MI it is best (${percent(most.mi.value)}) with ${most.mi.count} and ${percent(at("mi", measures.latents))} with ` +
        `all ${measures.latents}.`,
      agrees: at("mi", measures.latents) < most.mi.value - 0.005,
    },
    {
      paper: "Within classes (GIN's own measure) is not looked at.",
      ours: `By sigma ${percent(at("sigma", few))} with ${few}; best ${percent(most.sigma.value)} with ${most.sigma.count}.`,
      agrees: null,
    },
    ...outlierTold.map(({ name, mi, variance }) => ({
      paper: "AUROC of letters 0.763 with 30 by MI, 0.591 with 300 by variance.",
      ours: `${name}: ${mi} and ${variance}.`,
      agrees: Number(mi) > Number(variance),
    })),
  ];
  return {
    headline:
      `${percent(at("mi", few))} with ${few} latents by MI, ${percent(at("var", few))} by variance, ` +
      `${percent(at("sigma", few))} by sigma, after ${last.case.settings.epoch} epochs` +
      outlierTold
        .map(({ name, mi, variance }) => `; AUROC of ${name} ${mi} by MI, ${variance} by 300 of variance`)
        .join(""),
    findings,
    numbers: {
      epochs: last.case.settings.epoch,
      ...Object.fromEntries(
        CRITERIA.map((name) => [
          name,
          { best: most[name], ...Object.fromEntries(counts.map((count) => [count, round(at(name, count))])) },
        ]),
      ),
    },
    tables: [
      {
        title: `Accuracy after ${last.case.settings.epoch} epochs`,
        columns: [
          { title: "ranked by" },
          ...counts.map((count) => ({ title: `${count} latents`, number: true })),
          { title: "best", number: true },
        ],
        rows: CRITERIA.map((name) => [
          NAMES[name],
          ...counts.map((count) => percent(at(name, count))),
          `${percent(most[name].value)} (${most[name].count})`,
        ]),
      },
      {
        title: "Accuracy as training goes on",
        columns: [
          { title: "epoch", number: true },
          ...CRITERIA.flatMap((name) =>
            [few, ...counts.filter((count) => count === 300)].map((count) => ({
              title: `${NAMES[name]}, ${count}`,
              number: true,
            })),
          ),
          { title: "selected by MI", number: true },
        ],
        rows: stages.map(({ case: { settings }, measures: own }) => [
          String(settings.epoch),
          ...CRITERIA.flatMap((name) =>
            [few, ...counts.filter((count) => count === 300)].map((count) =>
              percent(own.accuracy[name][count - 1]),
            ),
          ),
          String(own.selected),
        ]),
      },
      ...measures.outliers.map(({ name, counts: known, auroc, images }) => ({
        title: `AUROC of ${images.toLocaleString("en-US")} images of ${name}`,
        columns: [{ title: "ranked by" }, ...known.map((count) => ({ title: `${count}`, number: true }))],
        rows: CRITERIA.map((criterion) => [
          NAMES[criterion],
          ...auroc[criterion].map((value) => value.toFixed(3)),
        ]),
      })),
    ],
    figures: [
      accuracyFigure(last),
      ...(stages.length > 1
        ? [trainingFigure(stages, [few, ...counts.filter((count) => count === 300)])]
        : []),
      decayFigures(last),
      ...outlierFigures(last),
    ],
  };
}

/** The largest accuracy and the smallest number of latents that reaches it. */
function best(curve: readonly number[]): { readonly value: number; readonly count: number } {
  const value = Math.max(...curve);
  return { value, count: curve.indexOf(value) + 1 };
}

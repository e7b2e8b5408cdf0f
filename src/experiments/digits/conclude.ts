import { CRITERIA, type Criterion } from "../../analysis/index.js";
import { formatCount } from "../../report/format.js";
import type { Conclusion, Finding, ResultTable } from "../conclusion.js";
import { measured } from "../experiment.js";
import { round } from "../summary.js";
import { type DigitsMeasures, type DigitsTrial, FEW, type MeasuredDigits } from "./digits-study.js";
import { accuracyFigure, decayFigures, NAMES, outlierFigures, trainingFigure } from "./figures.js";

/** Numbers of latents in tables. */
const COUNTS = [5, 10, 20, 30, 50, 100, 200, 300, 500, 784];
/** The number at which the paper finds variance best. */
const MANY = 300;

const percent = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "no number" : `${(100 * value).toFixed(2)} %`;

/** The largest accuracy and the smallest number of latents that reaches it. */
function best(curve: readonly number[]): { readonly value: number; readonly count: number } {
  const value = Math.max(...curve);
  return { value, count: curve.indexOf(value) + 1 };
}

/** "a by MI, b by variance, c by sigma". */
const byCriterion = (text: (criterion: Criterion) => string): string =>
  CRITERIA.map((criterion) => `${text(criterion)} by ${NAMES[criterion]}`).join(", ");

/** What came out of the stages of one model. */
export function concludeDigits(trials: readonly DigitsTrial[]): Conclusion {
  const stages = measured(trials).toSorted((a, b) => a.case.settings.epoch - b.case.settings.epoch);
  const last = stages.at(-1);
  if (last === undefined) return { headline: "no model", findings: [], numbers: {}, tables: [], figures: [] };
  const { measures } = last;
  const { epoch } = last.case.settings;
  const at = (criterion: Criterion, count: number) => measures.accuracy[criterion][count - 1];
  const counts = COUNTS.filter((count) => count <= measures.latents);
  const compared = [FEW, MANY].filter((count) => count <= measures.latents);
  const told = outliersTold(measures);
  return {
    headline:
      `${byCriterion((criterion) => percent(at(criterion, FEW)))} with ${FEW} latents, after ${epoch} epochs` +
      told
        .map(({ name, mi, variance }) => `; AUROC of ${name} ${mi} by MI, ${variance} by ${MANY} of variance`)
        .join(""),
    findings: findings(measures),
    numbers: {
      epochs: epoch,
      ...Object.fromEntries(
        CRITERIA.map((name) => [
          name,
          {
            best: best(measures.accuracy[name]),
            ...Object.fromEntries(counts.map((count) => [count, round(at(name, count))])),
            ...measures.dependence[name],
          },
        ]),
      ),
    },
    tables: [
      accuracyTable(measures, `Accuracy after ${epoch} epochs`, counts),
      trainingTable(stages, compared),
      ...outlierTables(measures),
    ],
    figures: [
      accuracyFigure(last),
      ...(stages.length > 1 ? [trainingFigure(stages, compared)] : []),
      decayFigures(last),
      ...outlierFigures(last),
    ],
  };
}

function findings(measures: DigitsMeasures): Finding[] {
  const { accuracy, dependence, latents } = measures;
  const at = (criterion: Criterion, count: number) => accuracy[criterion][count - 1];
  const [mi, variance, sigma] = [best(accuracy.mi), best(accuracy.var), best(accuracy.sigma)];
  const of = (criterion: Criterion) => dependence[criterion];
  return [
    {
      paper: `${FEW} latents by MI: 94.15 %.`,
      ours: `${percent(at("mi", FEW))} with ${FEW} on ${formatCount(measures.images)} images of ${measures.test}.`,
      agrees: at("mi", FEW) >= 0.935,
    },
    {
      paper: `By variance the accuracy stays far below that of MI at ${FEW} and is best near ${MANY}.`,
      ours: `${percent(at("var", FEW))} with ${FEW}; best ${percent(variance.value)} with ${variance.count}.`,
      agrees: at("mi", FEW) - at("var", FEW) > 0.1,
    },
    {
      paper: "With too many latents the accuracy falls.",
      ours: `By MI it is best (${percent(mi.value)}) with ${mi.count} and ${percent(at("mi", latents))} with all ${latents}.`,
      agrees: at("mi", latents) < mi.value - 0.005,
    },
    {
      paper: "Spread within classes (GIN's own measure) is not tried.",
      ours: `By sigma ${percent(at("sigma", FEW))} with ${FEW}; best ${percent(sigma.value)} with ${sigma.count}.`,
      agrees: null,
    },
    {
      paper: "The classifier takes latents for independent within digits; whether they are is not looked at.",
      ours: CRITERIA.some((criterion) => of(criterion) === null)
        ? "Too few images were held out to say."
        : `Mean |correlation| within digits of the first ${FEW}: ${byCriterion((name) => (of(name)?.correlation ?? Number.NaN).toFixed(3))}. ` +
          `Gaussians with full covariance, which allow for it, reach ${byCriterion((name) => percent(of(name)?.fullAccuracy))}.`,
      agrees: null,
    },
    ...outliersTold(measures).map(({ name, mi: few, variance: many }) => ({
      paper: `AUROC of letters 0.763 with ${FEW} by MI, 0.591 with ${MANY} by variance.`,
      ours: `${name}: ${few} and ${many}.`,
      agrees: Number(few) > Number(many),
    })),
  ];
}

/** AUROC of each set of outliers with the latents that the paper compares. */
function outliersTold({ outliers, latents }: DigitsMeasures) {
  return outliers.map(({ name, auroc, counts }) => {
    const value = (criterion: Criterion, count: number) =>
      auroc[criterion][counts.indexOf(Math.min(count, latents))]?.toFixed(3) ?? "no number";
    return { name, mi: value("mi", FEW), variance: value("var", MANY) };
  });
}

function accuracyTable(
  { accuracy, dependence }: DigitsMeasures,
  title: string,
  counts: readonly number[],
): ResultTable {
  return {
    title,
    columns: [
      { title: "ranked by" },
      ...counts.map((count) => ({ title: `${count} latents`, number: true })),
      { title: "best", number: true },
      { title: `mean |correlation| of the first ${FEW}`, number: true },
      { title: `${FEW} with full covariance`, number: true },
    ],
    rows: CRITERIA.map((name) => [
      NAMES[name],
      ...counts.map((count) => percent(accuracy[name][count - 1])),
      `${percent(best(accuracy[name]).value)} (${best(accuracy[name]).count})`,
      dependence[name]?.correlation.toFixed(3) ?? "",
      percent(dependence[name]?.fullAccuracy),
    ]),
  };
}

function trainingTable(stages: readonly MeasuredDigits[], counts: readonly number[]): ResultTable {
  return {
    title: "Accuracy as training goes on",
    columns: [
      { title: "epoch", number: true },
      ...CRITERIA.flatMap((name) => [
        ...counts.map((count) => ({ title: `${NAMES[name]}, ${count}`, number: true })),
        { title: `${NAMES[name]}, ${FEW}, full covariance`, number: true },
      ]),
      { title: "selected by MI", number: true },
    ],
    rows: stages.map(({ case: { settings }, measures }) => [
      String(settings.epoch),
      ...CRITERIA.flatMap((name) => [
        ...counts.map((count) => percent(measures.accuracy[name][count - 1])),
        percent(measures.dependence[name]?.fullAccuracy),
      ]),
      String(measures.selected),
    ]),
  };
}

const outlierTables = ({ outliers }: DigitsMeasures): ResultTable[] =>
  outliers.map(({ name, counts, auroc, images }) => ({
    title: `AUROC of ${formatCount(images)} images of ${name}`,
    columns: [{ title: "ranked by" }, ...counts.map((count) => ({ title: `${count}`, number: true }))],
    rows: CRITERIA.map((criterion) => [
      NAMES[criterion],
      ...auroc[criterion].map((value) => value.toFixed(3)),
    ]),
  }));

import { median } from "../../analysis/index.js";
import { latentCurveFigure } from "../../report/figures/latent-curves.js";
import { trialsFigure } from "../../report/figures/trials.js";
import { panelFigure, standalone } from "../../report/panels.js";
import type { ResultFigure } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { groupBy, round, seedRange, share } from "../summary.js";
import { type Column, caseColumn, heldOutColumn, trialTable } from "../trial-table.js";
import { GIN_PAPER, GOOD_MCC } from "./recovery.js";
import { type MeasuredSeries, type SeriesSettings, type SeriesTrial, seriesStudy } from "./series-study.js";

const FULL: SeriesSettings = {
  samples: 20_000,
  features: 10,
  informative: 4,
  waves: 3,
  segments: 0,
  epochs: 0,
};
const QUICK = { samples: 4000, features: 4, informative: 2, epochs: 60 } as const;
const SEGMENTS = [20, 5] as const;

const isFound = ({ measures }: SeriesTrial): boolean => (measures?.mcc ?? 0) >= GOOD_MCC;

/** Whether the latents that say most about time are those matched with the true ones. */
function isTold({ measures, case: { settings } }: MeasuredSeries): boolean {
  const order = measures.information.map((_, latent) => latent);
  order.sort((a, b) => measures.information[b] - measures.information[a]);
  return order.slice(0, settings.informative).every((latent) => measures.assignment.includes(latent));
}

export const series = defineExperiment({
  id: "gin-series",
  title: "A series whose latents change smoothly with time",
  source: { ...GIN_PAPER, place: "Section 2: the condition may be a time" },
  says:
    "The theory allows any condition, a time among them; the paper's experiments have classes only. Expected here: MCC of at " +
    "least 0.95, median of 10 seeds.",
  method:
    "Four of ten latents are Gaussian with a mean and a log standard deviation that are sums of three sine waves of up to " +
    "three periods over the series, of random amplitudes and phases; the other six are noise with standard deviation 0.01; " +
    "20,000 points in time, mixed by a random RealNVP of 8 blocks. GIN with the defaults of unmix fit, whose means and log " +
    "standard deviations are an MLP of the time (2 layers of 64 units), until the loss has converged. For comparison the " +
    "same series with time cut into segments, whose number is the class. Each seed draws its own curves, mixing, samples and weights.",
  study: seriesStudy,
  cases: (scale) =>
    scale === "quick"
      ? [{ name: "time", settings: { ...FULL, ...QUICK } }]
      : [
          { name: "time", settings: FULL },
          ...SEGMENTS.map((segments) => ({ name: `${segments} segments`, settings: { ...FULL, segments } })),
        ],
  seeds: seedRange(1, 10),
  conclude(trials) {
    const groups = [...groupBy(trials, ({ case: { name } }) => name)];
    const [[, first], ...others] = groups;
    const mccs = (own: readonly SeriesTrial[]) => measured(own).map(({ measures }) => measures.mcc);
    const told = (own: readonly SeriesTrial[]) =>
      mccs(own).length === 0 ? "none" : median(mccs(own)).toFixed(3);
    const compared = others.map(([name, own]) => `${told(own)} with ${name}`).join(", ");
    return {
      headline:
        `median MCC ${told(first)} with time as the condition, lowest ${Math.min(...mccs(first)).toFixed(3)}` +
        (others.length > 0 ? `; ${compared}` : ""),
      numbers: Object.fromEntries(
        groups.map(([name, own]) => [
          name,
          {
            trials: own.length,
            found: own.filter(isFound).length,
            medianMcc: mccs(own).length === 0 ? null : round(median(mccs(own))),
            lowestMcc: mccs(own).length === 0 ? null : round(Math.min(...mccs(own))),
          },
        ]),
      ),
      findings: [
        {
          paper: "A time identifies latents that change with it.",
          ours: `MCC at least ${GOOD_MCC} in ${share(first, isFound)} seeds, median ${told(first)}.`,
          agrees: mccs(first).length > 0 && median(mccs(first)) >= GOOD_MCC,
        },
        {
          paper: "Latents that do not change with it are told from those that do.",
          ours: `The latents that say most about time by mutual information are those matched with the true ones in ${share(measured(first), isTold)} seeds.`,
          agrees: measured(first).length > 0 && measured(first).every(isTold),
        },
        ...(others.length > 0
          ? [
              {
                paper: "Segments serve as conditions as well (Hyvarinen and Morioka 2016).",
                ours: `Median MCC ${compared}.`,
                agrees: null,
              },
            ]
          : []),
      ],
      tables: [trialTable(trials, { before: [{ ...caseColumn, title: "condition" }], measures: COLUMNS })],
      figures: [mccFigure(trials), ...curvesFigure(first)],
    };
  },
});

const COLUMNS: readonly Column<MeasuredSeries>[] = [
  { title: "MCC", number: true, cell: ({ measures }) => measures.mcc.toFixed(4) },
  {
    title: "lowest correlation",
    number: true,
    cell: ({ measures }) => Math.min(...measures.correlations).toFixed(4),
  },
  { title: "most informative are the true", cell: (trial) => (isTold(trial) ? "yes" : "no") },
  heldOutColumn,
  { title: "epochs", number: true, cell: ({ measures }) => String(measures.epochs) },
];

function mccFigure(trials: readonly SeriesTrial[]): ResultFigure {
  const label = "MCC of every trial";
  const values = measured(trials).map((trial) => ({
    x: String(trial.seed),
    group: trial.case.name,
    value: trial.measures.mcc,
  }));
  const lowest = Math.min(0.9, ...values.map(({ value }) => value));
  return {
    name: "mcc",
    title: label,
    caption: "Mean correlation of the four true latents with those matched to them. Colours are conditions.",
    svg: standalone(
      label,
      trialsFigure(values, {
        label,
        xLabel: "seed",
        yLabel: "MCC with the true latents",
        reference: { value: GOOD_MCC, label: `${GOOD_MCC}` },
        domain: [Math.floor(lowest * 20) / 20, 1],
        medians: false,
      }),
    ),
  };
}

/** The curves of the first seed and of the one with the lowest MCC. */
function curvesFigure(trials: readonly SeriesTrial[]): ResultFigure[] {
  const done = measured(trials);
  const worst = done.toSorted((a, b) => a.measures.mcc - b.measures.mcc)[0];
  const shown = [...new Set(done.length > 0 ? [done[0], worst] : [])];
  if (shown.length === 0) return [];
  return [
    {
      name: "curves",
      title: "Means and standard deviations over time",
      caption:
        "The learned mean and, as a band, one standard deviation to either side, of the latent matched with each true one, on " +
        "the scale of the truth; dashed the true mean and deviations. The first seed and the one with the lowest MCC.",
      svg: panelFigure(
        "Learned and true curves of the latents over time",
        shown.map((trial) => ({
          title: `Seed ${trial.seed}, MCC ${trial.measures.mcc.toFixed(3)}${trial === worst ? ", the lowest" : ""}`,
          panels: trial.measures.curves.truth.map((known, component) => {
            const { times, found } = trial.measures.curves;
            const latent = trial.measures.assignment[component];
            const correlation = trial.measures.correlations[component].toFixed(3);
            return {
              title: `True ${component}, correlation ${correlation}`,
              figure: latentCurveFigure(
                { conditionName: "time", values: times },
                { latent, ...found[component], samples: [] },
                { width: 270, height: 190, known },
              ),
            };
          }),
        })),
      ),
    },
  ];
}

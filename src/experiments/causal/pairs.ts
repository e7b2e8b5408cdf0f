import { curvesFigure } from "../../report/figures/curves.js";
import { formatCount } from "../../report/format.js";
import { standalone } from "../../report/panels.js";
import type { ResultFigure, ResultTable } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { groupBy, round, seedRange, share } from "../summary.js";
import { type Outcome, type PairMeasures, type PairTrial, pairStudy } from "./pair-study.js";

const LAYERS = [1, 2, 3, 4, 5] as const;
const SAMPLES = [1000, 3000, 10_000] as const;
const SEGMENTS = 20;
const EPOCHS = 120;
const RESTARTS = 3;

/** Who decides, as tables and figures call them. */
const DECIDERS = [
  { name: "flow", of: ({ flow }: PairMeasures) => flow.outcome },
  { name: "FastICA", of: ({ ica }: PairMeasures) => ica.outcome },
  { name: "true disturbances", of: ({ truth }: PairMeasures) => truth.outcome },
  { name: "likelihood ratio", of: ({ linear }: PairMeasures) => linear.outcome },
] as const;
type Decider = (typeof DECIDERS)[number];

const is = (decider: Decider, outcome: Outcome) => (trial: PairTrial) =>
  trial.measures !== null && decider.of(trial.measures) === outcome;

/** The part of all trials, failed ones included, whose direction is found; undecided is not found. */
const accuracy = (trials: readonly PairTrial[], decider: Decider): number =>
  trials.length === 0 ? 0 : trials.filter(is(decider, "right")).length / trials.length;

const layersOf = ({ case: { settings } }: PairTrial) => settings.layers;
const samplesOf = ({ case: { settings } }: PairTrial) => settings.samples;

export const pairs = defineExperiment({
  id: "causal-pairs",
  title: "The direction of cause between two variables",
  source: {
    citation:
      "Khemakhem, Kingma, Monti and Hyvärinen, Variational Autoencoders and Nonlinear ICA: A Unifying Framework, AISTATS 2020, after Monti, Zhang and Hyvärinen, UAI 2019",
    url: "https://arxiv.org/abs/1907.04809",
    place: "Section 5.2",
  },
  says:
    "Where x1 causes x2 in a nonlinear way, nonlinear ICA recovers the latent disturbances, and a series of independence tests " +
    "tells the direction.",
  method:
    "Random causal models of 1 to 5 layers (1 is linear; leaky ReLUs between layers), with disturbances that are Gaussian in a segment and whose spreads change over " +
    `${SEGMENTS} segments; the seed draws which column is the cause. Disturbances are estimated by a conditional flow without volume preservation ` +
    `on whitened data (${EPOCHS} epochs; of ${RESTARTS} fits the one of highest held-out likelihood; chosen on seeds 101 to 104), by FastICA, or taken from the simulation, which shows what the tests alone can do. HSIC tests given the segment, on 1,000 ` +
    "samples at most, at level 0.05 with Bonferroni. The linear likelihood ratio always takes a side. Undecided counts as not found.",
  study: pairStudy,
  cases: (scale) =>
    scale === "quick"
      ? [1, 3].map((layers) => ({
          name: `${layers} layers`,
          settings: { layers, samples: 1000, segments: SEGMENTS, epochs: 10, restarts: 1 },
        }))
      : SAMPLES.flatMap((samples) =>
          LAYERS.map((layers) => ({
            name: `${layers} layers, ${formatCount(samples)} samples`,
            settings: { layers, samples, segments: SEGMENTS, epochs: EPOCHS, restarts: RESTARTS },
            work: samples < 10_000 ? 1 : 3,
          })),
        ),
  seeds: seedRange(1, 50),
  conclude(trials) {
    const most = trials.filter((trial) => samplesOf(trial) === Math.max(...trials.map(samplesOf)));
    const nonlinear = most.filter((trial) => layersOf(trial) > 1);
    const [flow, , truth, ratio] = DECIDERS;
    const counted = (own: readonly PairTrial[], decider: Decider) =>
      `right in ${share(own, is(decider, "right"))}, wrong in ${own.filter(is(decider, "wrong")).length}`;
    const bySize = [...groupBy(trials, (trial) => formatCount(samplesOf(trial)))];
    const rates = bySize.map(([, own]) => accuracy(own, flow));
    return {
      headline: `nonlinear models, most samples: flow ${counted(nonlinear, flow)}; true disturbances ${counted(nonlinear, truth)}; linear ratio ${counted(nonlinear, ratio)}`,
      numbers: Object.fromEntries(
        [...groupBy(trials, ({ case: { name } }) => name)].map(([name, own]) => [name, numbersOf(own)]),
      ),
      findings: [
        {
          paper: "Independence from recovered disturbances tells the direction.",
          ours: `With the flow's: ${counted(nonlinear, flow)}; with the true ones: ${counted(nonlinear, truth)}.`,
          agrees: nonlinear.filter(is(flow, "right")).length > 2 * nonlinear.filter(is(flow, "wrong")).length,
        },
        {
          paper: "Linear methods fall behind where the model is nonlinear.",
          ours: `The linear ratio: ${counted(nonlinear, ratio)}.`,
          agrees: accuracy(nonlinear, flow) > accuracy(nonlinear, ratio),
        },
        {
          paper: "More samples help.",
          ours: `Right: ${bySize.map(([size, own]) => `${share(own, is(flow, "right"))} with ${size} samples`).join(", ")}.`,
          agrees: bySize.length > 1 ? rates[rates.length - 1] > rates[0] : null,
        },
      ],
      tables: [summaryTable(trials)],
      figures: [
        ...accuracyFigure(most, "layers", "layers of the model; 1 is linear", layersOf),
        ...accuracyFigure(
          trials.filter((trial) => layersOf(trial) > 1),
          "samples",
          "samples",
          samplesOf,
        ),
      ],
    };
  },
});

function numbersOf(trials: readonly PairTrial[]): Record<string, unknown> {
  const counts = DECIDERS.map((decider) => [
    decider.name,
    Object.fromEntries(
      (["right", "wrong", "undecided"] as const).map((outcome) => [
        outcome,
        trials.filter(is(decider, outcome)).length,
      ]),
    ),
  ]);
  const done = measured(trials);
  const mcc = done.reduce((sum, { measures }) => sum + measures.mcc / done.length, 0);
  return {
    trials: trials.length,
    failed: trials.length - done.length,
    ...Object.fromEntries(counts),
    meanMcc: done.length === 0 ? null : round(mcc),
  };
}

function summaryTable(trials: readonly PairTrial[]): ResultTable {
  const cell = (own: readonly PairTrial[], decider: Decider) =>
    (["right", "wrong", "undecided"] as const)
      .map((outcome) => own.filter(is(decider, outcome)).length)
      .join(" / ");
  return {
    title: "Right / wrong / undecided",
    columns: [
      { title: "models" },
      { title: "trials", number: true },
      ...DECIDERS.map(({ name }) => ({ title: name, number: true })),
      { title: "failed", number: true },
    ],
    rows: [...groupBy(trials, ({ case: { name } }) => name)].map(([name, own]) => [
      name,
      String(own.length),
      ...DECIDERS.map((decider) => cell(own, decider)),
      String(own.filter(({ failure }) => failure !== null).length),
    ]),
  };
}

/** The accuracy of each decider along an axis; no figure of a single place. */
function accuracyFigure(
  trials: readonly PairTrial[],
  by: string,
  xLabel: string,
  place: (trial: PairTrial) => number,
): ResultFigure[] {
  const places = [...new Set(trials.map(place))].sort((a, b) => a - b);
  if (places.length < 2) return [];
  const curves = DECIDERS.map((decider) => ({
    name: decider.name,
    points: places.map((x) => ({
      x,
      y: accuracy(
        trials.filter((trial) => place(trial) === x),
        decider,
      ),
    })),
  }));
  const label = `Directions found, by ${by}`;
  const log = by === "samples" ? ({ log: "x" } as const) : {};
  return [
    {
      name: `accuracy-by-${by}`,
      title: label,
      caption: `The part of the models whose direction is found, by ${by}${by === "samples" ? ", nonlinear models only" : ", with the most samples"}; undecided counts as not found.`,
      svg: standalone(
        label,
        curvesFigure(curves, {
          label,
          xLabel,
          yLabel: "directions found",
          domain: [0, 1],
          ticks: places,
          ...log,
        }),
      ),
    },
  ];
}

import { defineExperiment, measured } from "../experiment.js";
import { groupBy, round, seedRange, told } from "../summary.js";
import { dotsFigure, medianOf, numbersOf, summaryTable, trialTable } from "./figures.js";
import { atScale, caseOf, METHOD } from "./settings.js";
import { IVAE_PAPER, type MeasuredSegments, type SegmentTrial, segmentStudy } from "./study.js";

/** Settings to choose from, by what they change. */
const SETTINGS = [
  ["1 code", { codes: 1 }],
  ["5 codes", {}],
  ["16 units", { width: 16 }],
  ["2 layers", { depth: 2 }],
  ["learning rate 0.01", { learningRate: 1e-2 }],
  ["10 epochs", { epochs: 10 }],
] as const;

const EPOCHS = 40;
const LATENTS = [1, 2, 3, 4, 5] as const;
const TRUE_LATENTS = 3;

const isChoice = ({ case: { name } }: SegmentTrial) => SETTINGS.some(([setting]) => setting === name);
const likelihoodOf = ({ measures }: MeasuredSegments) => measures.logLikelihood ?? Number.NEGATIVE_INFINITY;

export const elbo = defineExperiment({
  id: "ivae-elbo",
  title: "Settings chosen without the truth",
  source: { ...IVAE_PAPER, place: "Supplementary Section I.1" },
  says:
    "The lower bound, which needs no truth, goes with the correlation with the true sources, so that hyperparameters and the " +
    "number of latents can be chosen by it.",
  method:
    `${METHOD} Here there are 20 segments, three sources and ${EPOCHS} epochs: iVAE is fitted with six settings in three dimensions, and ` +
    "with one to five latents in five. What chooses is the likelihood that 100 codes a sample estimate from the bound, since " +
    "bounds of different numbers of codes are not of one kind.",
  study: segmentStudy,
  cases: (scale) =>
    atScale(scale, [
      ...SETTINGS.map(([name, training]) =>
        caseOf(name, "ivae", { segments: 20, sources: 3, features: 3 }, { epochs: EPOCHS, ...training }),
      ),
      ...LATENTS.map((latents) =>
        caseOf(
          `${latents} latents`,
          "ivae",
          { segments: 20, sources: TRUE_LATENTS },
          { epochs: EPOCHS, latents },
        ),
      ),
    ]),
  seeds: seedRange(1, 5),
  conclude(trials) {
    const choices = trials.filter(isChoice);
    const dimensions = trials.filter((trial) => !isChoice(trial));
    const bySeed = [...groupBy(measured(choices), ({ seed }) => String(seed))].map(([, own]) => own);
    const chosen = bySeed.map((own) =>
      own.reduce((best, trial) => (likelihoodOf(trial) > likelihoodOf(best) ? trial : best)),
    );
    const best = bySeed.map((own) => Math.max(...own.map(({ measures }) => measures.mcc)));
    const lost = chosen.map(({ measures }, k) => best[k] - measures.mcc);
    const mostLost = lost.length === 0 ? Number.NaN : Math.max(...lost);
    const gain = (latents: number) =>
      medianOf(
        dimensions.filter((trial) => trial.case.settings.latents === latents),
        likelihoodOf,
      );
    const steps = LATENTS.slice(1).map((latents) => gain(latents) - gain(latents - 1));
    return {
      headline: `the setting chosen by likelihood has median MCC ${told(medianOf(chosen))}, at most ${told(mostLost)} below the best; the likelihood gains ${steps.map((step) => told(step, 2)).join(", ")} nats with the 2nd to 5th latent, where ${TRUE_LATENTS} are true`,
      numbers: {
        ...numbersOf(trials),
        chosen: chosen.map(({ case: { name } }) => name),
        lost: lost.map((value) => round(value)),
      },
      findings: [
        {
          paper: "The best bound has the best correlation, or nearly.",
          ours: `Chosen on each seed: ${chosen.map(({ case: { name }, measures }, k) => `${name} (MCC ${told(measures.mcc)}, best ${told(best[k])})`).join("; ") || "none"}.`,
          agrees: lost.length === 0 ? null : mostLost < 0.02,
        },
        {
          paper: "The number of latents can be chosen by it.",
          ours: `Likelihood gained with each further latent, median in nats: ${steps.map((step, k) => `${told(step, 2)} with ${LATENTS[k + 1]}`).join(", ")}.`,
          agrees: steps.some(Number.isNaN)
            ? null
            : steps[TRUE_LATENTS - 2] > 4 * Math.abs(steps[TRUE_LATENTS - 1]),
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(choices, {
          name: "settings",
          title: "MCC by setting",
          caption: "Every trial; filled by seed, the setting chosen by likelihood is in the findings.",
          xLabel: "setting",
          place: ({ case: { name } }) => name,
          group: () => "",
        }),
        likelihoodFigure(choices),
      ].filter((figure) => figure !== undefined),
    };
  },
});

/** Whether likelihood and correlation go together: the ranks of the settings by both, a dot a setting and seed. */
function likelihoodFigure(choices: readonly SegmentTrial[]) {
  const rankOf = (own: readonly MeasuredSegments[], trial: MeasuredSegments) =>
    1 + own.filter((other) => likelihoodOf(other) > likelihoodOf(trial)).length;
  const groups = groupBy(measured(choices), ({ seed }) => String(seed));
  const ranked = measured(choices)
    .map((trial) => ({ trial, rank: rankOf(groups.get(String(trial.seed)) ?? [], trial) }))
    .sort((a, b) => a.rank - b.rank);
  if (ranked.length === 0) return undefined;
  const ranks = new Map(ranked.map(({ trial, rank }) => [trial as SegmentTrial, rank]));
  return dotsFigure(
    ranked.map(({ trial }) => trial),
    {
      name: "ranks",
      title: "MCC by the rank of the likelihood",
      caption:
        "Of each seed's settings the one with the highest likelihood has rank 1; the line joins the medians.",
      xLabel: "rank of the setting by likelihood, within its seed",
      place: (trial) => String(ranks.get(trial)),
      group: () => "",
      joined: true,
    },
  );
}

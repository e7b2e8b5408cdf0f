import { median } from "../../analysis/index.js";
import { correlationFigure } from "../../report/figures/correlation-matrix.js";
import { panelFigure } from "../../report/panels.js";
import type { ResultFigure } from "../conclusion.js";
import { defineExperiment, measured } from "../experiment.js";
import { round, seedRange, share, told } from "../summary.js";
import { INFORMATIVE } from "./data.js";
import { type MeasuredSelection, MI_PAPER, selectionStudy } from "./selection-study.js";
import { METHOD, scaled, UNIT_NOISE } from "./settings.js";

/** |correlation| of every true latent, noise included, with the one it is matched with. */
const matched = ({ measures: { matrix, wholeAssignment } }: MeasuredSelection): number[] =>
  matrix.map((row, component) => row[wholeAssignment[component]]);

const informativeOf = (trial: MeasuredSelection) => matched(trial).slice(0, INFORMATIVE);
const noiseOf = (trial: MeasuredSelection) => matched(trial).slice(INFORMATIVE);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const correlation = defineExperiment({
  id: "mi-correlation",
  title: "Is the noise recovered, too?",
  source: { ...MI_PAPER, place: "Section 5, Fig. 9" },
  says:
    "The learned latents are very close to a permutation of all the true ones, the noise included, although the theory " +
    "promises it only for the informative ones.",
  method: `${METHOD} Here all ten true latents are matched one to one with the ten estimated.`,
  study: selectionStudy,
  cases: (scale) => [{ name: "unit noise", settings: scaled(UNIT_NOISE, scale) }],
  seeds: seedRange(1, 20),
  conclude(trials) {
    const done = measured(trials);
    const [signal, noise] = [informativeOf, noiseOf].map((of) =>
      median(done.map((trial) => mean(of(trial)))),
    );
    const whole = share(trials, (trial) =>
      measured([trial]).some((each) => Math.min(...noiseOf(each)) >= 0.9),
    );
    return {
      headline:
        `median of the mean |correlation| with the matched latents: ${told(signal)} for the two informative, ` +
        `${told(noise)} for the eight of noise`,
      numbers: {
        informative: Number.isFinite(signal) ? round(signal) : null,
        noise: Number.isFinite(noise) ? round(noise) : null,
      },
      findings: [
        {
          paper: "Informative latents are recovered.",
          ours: `Median over seeds of their mean |correlation|: ${told(signal)}.`,
          agrees: signal >= 0.95,
        },
        {
          paper: "So is every dimension of the noise (four models are shown).",
          ours: `Median over seeds: ${told(noise)}; each of the eight above 0.9 in ${whole} seeds.`,
          agrees: noise >= 0.9,
        },
      ],
      tables: [
        {
          title: "Every trial",
          columns: [
            { title: "seed", number: true },
            { title: "informative, mean", number: true },
            { title: "noise, mean", number: true },
            { title: "noise, lowest", number: true },
          ],
          rows: trials.map((trial) => {
            const [own] = measured([trial]);
            if (own === undefined) return [String(trial.seed), trial.failure ?? "failed", "", ""];
            const values = [mean(informativeOf(own)), mean(noiseOf(own)), Math.min(...noiseOf(own))];
            return [String(trial.seed), ...values.map((value) => value.toFixed(3))];
          }),
        },
      ],
      figures: [matricesFigure(done.slice(0, 4))],
    };
  },
});

function matricesFigure(trials: readonly MeasuredSelection[]): ResultFigure {
  const title = "Correlation of all true latents with all estimated ones";
  const panels = trials.map((trial) => {
    const { matrix, wholeAssignment } = trial.measures;
    const names = matrix.map((_, k) => (k < INFORMATIVE ? `true ${k}` : `noise ${k - INFORMATIVE}`));
    const figure = correlationFigure(matrix, wholeAssignment, wholeAssignment, names, {
      side: 36,
      xLabel: "latent, in the order of its match",
    });
    return { title: `Seed ${trial.seed}`, figure };
  });
  return {
    name: "matrices",
    title,
    caption:
      "Absolute correlation of the true latents (rows), first the two informative, with the estimated ones (columns), which " +
      "are sorted by their matches; matched pairs are outlined. The first four seeds.",
    svg: panelFigure(
      title,
      [{ panels: panels.slice(0, 2) }, { panels: panels.slice(2) }].filter((row) => row.panels.length > 0),
    ),
  };
}

import { defineExperiment } from "../experiment.js";
import { groupBy, seedRange, told } from "../summary.js";
import { dotsFigure, GOOD_MCC, medianOf, numbersOf, rangeText, summaryTable, trialTable } from "./figures.js";
import { atScale, caseOf, METHOD } from "./settings.js";
import { IVAE_PAPER, segmentStudy } from "./study.js";

const EPOCHS = 40;
const LONGEST = 200;
const USUAL = "1 code";
const MORE = "5 codes";

export const levers = defineExperiment({
  id: "ivae-levers",
  title: "What makes iVAE find the sources",
  source: { ...IVAE_PAPER, place: "Section 5.1, Fig. 2a, and Supplementary Section H.1" },
  says: "An iVAE of multi-layer perceptrons with Gaussian encoder and decoder, trained by Adam, reaches an MCC above 0.95.",
  method:
    `${METHOD} Here all have ${EPOCHS} epochs, and unless told otherwise one code: one thing after the other is done without, so that ` +
    "the data are scaled and not whitened, encoder and decoder have no linear part and start at random, the posterior is " +
    "diagonal, hidden units are leaky ReLUs, or the decoder's variance is fixed at 0.01. Three cases have more: five codes, " +
    `the epochs of the other experiments beside, and ${LONGEST} epochs.`,
  study: segmentStudy,
  cases: (scale) => {
    const ivae = (name: string, training: Parameters<typeof caseOf>[3]) =>
      caseOf(name, "ivae", {}, { epochs: EPOCHS, codes: 1, ...training });
    return atScale(scale, [
      ivae(USUAL, {}),
      ...(["scaled data", "no linear part", "diagonal posterior", "leaky ReLU"] as const).map((change) =>
        ivae(change, { change }),
      ),
      ivae("variance 0.01", { variance: 0.01 }),
      ivae(MORE, { codes: 5 }),
      caseOf("5 codes, longer", "ivae"),
      caseOf("5 codes, longest", "ivae", {}, { epochs: LONGEST }),
    ]);
  },
  seeds: seedRange(1, 5),
  conclude(trials) {
    const groups = [...groupBy(trials, ({ case: { name } }) => name)];
    const of = (name: string) => groups.find(([known]) => known === name)?.[1] ?? [];
    const usual = medianOf(of(USUAL));
    const without = groups.filter(
      ([, own]) => own[0].case.settings.change || own[0].case.settings.variance > 0,
    );
    return {
      headline: `median MCC ${groups.map(([name, own]) => `${told(medianOf(own))} (${name})`).join(", ")}`,
      numbers: numbersOf(trials),
      findings: [
        {
          paper: `An MCC above ${GOOD_MCC} is reached.`,
          ours: `With everything and ${groups.at(-1)?.[0] ?? "no case"}: ${rangeText(groups.at(-1)?.[1] ?? [])}.`,
          agrees: medianOf(groups.at(-1)?.[1] ?? []) >= GOOD_MCC,
        },
        {
          paper: "Which settings matter is not told.",
          ours: `Against ${told(usual)} with ${EPOCHS} epochs and one code: ${without.map(([name, own]) => `${name} ${told(medianOf(own))}`).join(", ")}; ${MORE} ${told(medianOf(of(MORE)))}.`,
          agrees: null,
        },
      ],
      tables: [summaryTable(trials), trialTable(trials)],
      figures: [
        dotsFigure(trials, {
          name: "mcc",
          title: "MCC with and without each",
          caption: "Every trial.",
          xLabel: "what is different",
          place: ({ case: { name } }) => name,
          group: () => "",
          width: 960,
        }),
      ],
    };
  },
});

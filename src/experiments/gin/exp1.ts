import { median } from "../../analysis/index.js";
import { defineExperiment, measured } from "../experiment.js";
import { groupBy, seedRange, share, told } from "../summary.js";
import { recoveryHeadline, recoveryNumbers } from "./conclude.js";
import { firstAndWorst, mccFigure, panelsFigure, recoveryTable } from "./figures.js";
import {
  fallAfterTwo,
  GIN_PAPER,
  informativeCount,
  isRecovered,
  type MeasuredRecovery,
  type RecoverySettings,
  type RecoveryTrial,
  recovery,
} from "./recovery.js";

/** The data of GIN's first experiment, and its training: until the loss has converged, at two learning rates. */
export const EXPERIMENT_1: RecoverySettings = {
  classes: 5,
  samples: 100_000,
  gap: 1,
  learningRate: 1e-2,
  epochs: 0,
};

/** The same for longer than that. */
export const LONGER: RecoverySettings = { ...EXPERIMENT_1, epochs: 80 };

/** A trial of seconds. */
export const QUICK = { samples: 4000, epochs: 20 } as const;

/** How data are made and fitted in all experiments of this family; `training` says how long. */
export const methodText = (training: string): string =>
  "Clusters in two dimensions (means uniform on [-5, 5], standard deviations uniform on [0.5, 3]) and eight dimensions of " +
  "noise with standard deviation 0.01, mixed by a random RealNVP of 8 blocks. GIN with the defaults of unmix fit: 8 " +
  `blocks, 4,480 parameters, batches of 1,000, Adam; ${training}. Each seed draws its own clusters, mixing, ` +
  "samples and weights. A trial counts as recovered when " +
  "the two latents with the largest standard deviation within clusters are the true ones, with a mean correlation (MCC) of at least 0.95.";

export const UNTIL_CONVERGED =
  "at a learning rate of 0.01 until the loss has converged, then at 0.001 until it has again";
/** 7,200 steps. */
export const EIGHTY_EPOCHS = "80 epochs, 48 at a learning rate of 0.01 and 32 at 0.001";

export const exp1 = defineExperiment({
  id: "gin-exp1",
  title: "Two informative latents among ten",
  source: { ...GIN_PAPER, place: "Section 4.3.1, Fig. 2 and 6" },
  says:
    "With five clusters and 100,000 samples, two latents of ten stand out in the spectrum, and they are the true ones up " +
    "to order, shift and scale.",
  method: `${methodText(UNTIL_CONVERGED)} A second case trains for ${EIGHTY_EPOCHS}, about twice as long.`,
  study: recovery,
  cases: (scale) =>
    scale === "quick"
      ? [{ name: "few samples", settings: { ...EXPERIMENT_1, ...QUICK } }]
      : [
          { name: CONVERGED, settings: EXPERIMENT_1 },
          { name: "80 epochs", settings: LONGER, work: 2 },
        ],
  seeds: seedRange(1, 10),
  conclude(trials) {
    const groups = [...groupBy(trials, ({ case: { name } }) => name)];
    const [[, first]] = groups;
    const isTwo = (trial: MeasuredRecovery) => informativeCount(trial) === 2;
    const byCase = (of: (own: readonly RecoveryTrial[]) => string) =>
      groups.map(([name, own]) => `${of(own)} (${name})`).join(", ");
    const fall = (own: readonly RecoveryTrial[]) => told(median(measured(own).map(fallAfterTwo)), 1);
    const falls = groups.map(([, own]) => median(measured(own).map(fallAfterTwo)));
    return {
      headline: recoveryHeadline(first),
      numbers: Object.fromEntries(groups.map(([name, own]) => [name, recoveryNumbers(own)])),
      findings: [
        {
          paper: "The two latents that stand out are the true ones.",
          ours:
            `The two with the largest sigmas are the true ones, with MCC at least 0.95, in ` +
            `${byCase((own) => share(own, isRecovered))} trials.`,
          agrees: trials.every(isRecovered),
        },
        {
          paper: "GIN gives importance to two of its ten latents only.",
          ours:
            `The spectrum falls after the second latent by a factor of ${byCase(fall)}, a median over seeds; unmix's rule for ` +
            `spectra calls exactly two informative in ${byCase((own) => share(measured(own), isTwo))}.`,
          agrees: first.length > 0 && measured(first).length === first.length && measured(first).every(isTwo),
        },
        {
          paper: "That importance shows in the spectrum is a consequence of volume preservation.",
          ours:
            falls.length > 1 && falls[1] < falls[0]
              ? "The longer the training, the less it shows: stretching one latent and shrinking another leaves volume and " +
                "likelihood as they are, so nothing in the loss keeps the two large."
              : "Longer training does not make it show less.",
          agrees: falls.length > 1 ? falls[1] >= falls[0] : null,
        },
      ],
      tables: [
        recoveryTable(trials, groups.length > 1 ? [{ title: "trained", number: true, cell: nameOf }] : []),
      ],
      figures: [
        panelsFigure(firstAndWorst(first), "The first seed and the one with the lowest MCC."),
        mccFigure(
          trials,
          { xLabel: "seed", place: ({ seed }) => String(seed), group: nameOf },
          "Mean correlation of the true latents with those matched to them.",
        ),
      ],
    };
  },
});

const CONVERGED = "until converged";

const nameOf = ({ case: { name } }: RecoveryTrial): string => name;

import { defineExperiment } from "../experiment.js";
import { MI_PAPER } from "../mi/selection-study.js";
import { concludeDigits } from "./conclude.js";
import { digitsTraining, METHOD, stageCases } from "./digits.js";
import { digitsStudy } from "./digits-study.js";

const KNOWN = ["0", "1", "2", "3", "4", "5", "6", "7"];

export const unknownDigits = defineExperiment({
  id: "mi-unknown-digits",
  title: "Digits that the model has never seen",
  source: { ...MI_PAPER, place: "Section 4, Fig. 7, with digits instead of letters" },
  says:
    "Letters are told from the digits that a model was trained on with AUROC 0.763 by MI's 30 latents and 0.591 by variance's " +
    "300.",
  method:
    "Letters are not to be had everywhere, and clothes are easily told from digits: here a model of the digits 0 to 7 has to " +
    `tell the digits 8 and 9, which are as hard as letters. ${METHOD}`,
  study: digitsStudy,
  training: (scale) => {
    const { name, data, options } = digitsTraining(scale);
    const own = scale === "full" ? { ...options, epochs: 40, finalEpochs: 12 } : options;
    return { name: `${name}-0-to-7`, data, only: KNOWN, options: own };
  },
  cases: stageCases,
  seeds: [1],
  conclude: concludeDigits,
});

import type { Scale } from "../experiment.js";
import type { Inputs, Training } from "../inputs.js";

/** The paper's augmentations of digits; with them a sample has seven copies. */
export const DIGIT_AUGMENTATIONS = "translate=0.1,rotate=0..5,scale=0.8..1.25";

/** The fit where no run is given: 7,800 steps of 20 images with their copies at full scale. */
export const sslTraining = (scale: Scale): Training => {
  const common = {
    method: "ssl",
    augment: DIGIT_AUGMENTATIONS,
    copies: 7,
    batch: 20,
    lr: 0.003,
    seed: 1,
    keepEvery: 1,
  };
  return scale === "full"
    ? {
        name: "ssl-digits",
        data: "mnist",
        options: { ...common, epochs: 13, finalEpochs: 4, heldOut: 0.8 },
      }
    : {
        name: "ssl-digits-quick",
        data: "mnist:test",
        options: { ...common, epochs: 2, finalEpochs: 0, heldOut: 0.9, batch: 100 },
      };
};

/** A case for the furthest model of the run, with what else a study wants to know. */
export const lastStageCase = <S extends Readonly<Record<string, string | number>>>(
  { run }: Inputs,
  settings: S,
) => {
  const last = run?.stages.at(-1);
  if (last === undefined) return [];
  const { epoch, digest } = last;
  return [{ name: `epoch ${epoch}`, settings: { model: digest, epoch, ...settings } }];
};

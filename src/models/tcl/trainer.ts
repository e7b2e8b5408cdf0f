import { Adam } from "../../nn/adam.js";
import type { Trainer } from "../trained/training.js";
import type { TclNetwork } from "./network.js";
import { tclTask } from "./task.js";

/** What training takes beside data and schedule. */
export interface TclSettings {
  /** Standard deviation of the noise that is added to the data. */
  readonly noise: number;
}

export const tclTrainer: Trainer<TclNetwork, TclSettings> = {
  optimiser: ({ engine, parameters }) => new Adam(engine, parameters, [{ offset: 0, factor: 1 }]),
  task: (network, training, { heldOut, settings: { noise }, options: { seed } }) =>
    tclTask(network, training, heldOut, { noise, seed }),
};

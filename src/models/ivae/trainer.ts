import { Adam } from "../../nn/adam.js";
import type { Trainer } from "../trained/training.js";
import type { IvaeNetwork } from "./network.js";
import { type IvaeTaskOptions, ivaeTask } from "./task.js";

/** What training takes beside data and schedule. */
export interface IvaeSettings extends Omit<IvaeTaskOptions, "seed"> {
  /** The prior learns at so many times the common rate. */
  readonly priorFactor: number;
}

export const ivaeTrainer: Trainer<IvaeNetwork, IvaeSettings> = {
  optimiser({ engine, parameters, priorOffset, priorParameters }, { priorFactor }) {
    const map = { offset: 0, factor: 1 };
    const prior = { offset: priorOffset, factor: priorFactor };
    return new Adam(engine, parameters, priorParameters > 0 ? [map, prior] : [map]);
  },
  task(network, training, { heldOut, settings, options }) {
    return ivaeTask(network, training, heldOut, { ...settings, seed: options.seed });
  },
};

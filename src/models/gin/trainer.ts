import { Adam } from "../../nn/adam.js";
import type { Trainer } from "../trained/training.js";
import type { GinNetwork } from "./network.js";
import type { StatisticsSamples } from "./statistics.js";
import { ginTask } from "./task.js";

/** What training GIN takes beside data and schedule. */
export interface GinSettings {
  readonly noise: number;
  /** The prior learns at so many times the flow's rate. */
  readonly priorFactor: number;
  /** What evaluation sets the prior's tables from; for a prior that takes its statistics from the data. */
  readonly statistics?: StatisticsSamples | undefined;
  /** MiB that a step may keep for its way back. */
  readonly stepMemory?: number | undefined;
}

export const ginTrainer: Trainer<GinNetwork, GinSettings> = {
  optimiser({ engine, parameters, priorOffset, priorParameters }, { priorFactor }) {
    const flow = { offset: 0, factor: 1 };
    const prior = { offset: priorOffset, factor: priorFactor };
    return new Adam(engine, parameters, priorParameters > 0 ? [flow, prior] : [flow]);
  },
  task(network, training, { heldOut, settings, options }) {
    return ginTask(network, training, heldOut, { ...settings, seed: options.seed });
  },
};

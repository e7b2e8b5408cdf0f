import { Adam } from "../../nn/adam.js";
import type { Trainer } from "../trained/training.js";
import type { SslNetwork } from "./network.js";
import { type SslTaskOptions, sslTask } from "./task.js";

/** What training takes beside data and schedule. */
export type SslSettings = Omit<SslTaskOptions, "seed" | "batch">;

export const sslTrainer: Trainer<SslNetwork, SslSettings> = {
  optimiser: ({ engine, parameters }) => new Adam(engine, parameters, [{ offset: 0, factor: 1 }]),
  task(network, training, { heldOut, settings, options }) {
    const placed = { ...heldOut, positions: settings.positions.heldOut };
    return sslTask(network, training, placed, { ...settings, seed: options.seed, batch: options.batch });
  },
};

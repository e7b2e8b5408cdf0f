import { toggle, wholeNumber } from "../../options.js";
import type { Standardisation } from "../choose-preprocessing.js";
import { heldOutOption, standardiseOption } from "../fit-options.js";
import type { LinearConfiguration } from "./facts.js";

/** Options of every linear fit by their names on the command line. */
export const linearOptions = {
  components: wholeNumber("latents (default: as many as there are directions in which the data vary)", {
    min: 1,
  }),
  whiten: toggle("scale every latent to standard deviation 1"),
  standardise: standardiseOption,
  heldOut: heldOutOption,
} as const;

/** Options of every linear fit; everything has a default. */
export interface LinearFitOptions {
  /** Latents. Default: as many as there are directions in which the data vary. */
  readonly components?: number | undefined;
  /** Scale every latent to standard deviation 1, instead of to its share in the data. Default false. */
  readonly whiten?: boolean | undefined;
  /** How vectors are standardised. Default `auto`. */
  readonly standardise?: Standardisation | undefined;
  /** Share of the samples that is held out. Default 0.1. */
  readonly heldOut?: number | undefined;
  /** Seed of everything random, 0 to 2^32 - 1. Default 0. */
  readonly seed?: number | undefined;
}

export function resolveLinear(options: LinearFitOptions): LinearConfiguration {
  return {
    components: options.components ?? null,
    whiten: options.whiten ?? false,
    standardise: options.standardise ?? "auto",
    heldOut: options.heldOut ?? 0.1,
    seed: options.seed ?? 0,
    threads: 1,
  };
}

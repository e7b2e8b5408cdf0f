import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { STANDARDISATIONS, type Standardisation } from "../choose-preprocessing.js";
import {
  expectOptions,
  resolveTrained,
  type TrainedConfiguration,
  type TrainedDefaults,
  type TrainedOptions,
  trainedOptions,
} from "../trained/configuration.js";

/** Options of a fit of TCL; everything has a default. */
export interface TclOptions extends TrainedOptions {
  /** Features that the classes are told by, at most as many as columns that vary. Default: as many, and at most 20. */
  readonly latents?: number | undefined;
  /** Hidden maxout units of a layer. Default 100. */
  readonly width?: number | undefined;
  /** Hidden layers. Default 3. */
  readonly depth?: number | undefined;
  /** Linear pieces of a maxout unit. Default 2. */
  readonly pieces?: number | undefined;
  /** How vectors are standardised. Default `auto`: whitened, up to 100 columns. */
  readonly standardise?: Standardisation | undefined;
}

const count = z.int().positive();

/** What a user may say about a fit; see {@link TclOptions}. */
export const tclOptionsSchema = z.strictObject({
  latents: count.max(100_000).optional(),
  width: count.max(100_000).optional(),
  depth: z.int().min(0).max(100).optional(),
  pieces: z.int().min(2).max(100).optional(),
  standardise: z.enum(STANDARDISATIONS).optional(),
  ...trainedOptions,
});

/** Options with every default filled in. */
export interface TclConfiguration extends TrainedConfiguration {
  readonly latents: number | null;
  readonly width: number;
  readonly depth: number;
  readonly pieces: number;
  readonly standardise: Standardisation;
}

const DEFAULTS: TrainedDefaults = { batch: 256, learningRate: 1e-3, noise: 0, threadedValues: 1 << 14 };

/** Fills in the defaults for a data set on a machine with `cores` cores. Throws InputError naming the option. */
export function resolveConfiguration(options: TclOptions, dataset: Dataset, cores: number): TclConfiguration {
  expectOptions(tclOptionsSchema, options);
  return {
    latents: options.latents ?? null,
    width: options.width ?? 100,
    depth: options.depth ?? 3,
    pieces: options.pieces ?? 2,
    standardise: options.standardise ?? "auto",
    ...resolveTrained(options, DEFAULTS, dataset, cores),
  };
}

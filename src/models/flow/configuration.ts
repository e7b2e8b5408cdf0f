import { z } from "zod";
import type { Dataset } from "../../data/dataset.js";
import { InputError } from "../../errors.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../flows/architecture.js";
import { VOLUME_PRESERVATIONS } from "../../flows/coupling.js";
import { imagePreprocessing, STANDARDISATIONS, vectorPreprocessing } from "../choose-preprocessing.js";
import { shapeSchema } from "../facts.js";
import { flowInput, type Preprocessing } from "../preprocessing.js";

export const PRESETS = ["auto", "vector", "image"] as const;

const count = z.int().positive();

/** What a user may say about a flow; see {@link FlowOptions}. */
export const flowOptions = {
  preset: z.enum(PRESETS).optional(),
  blocks: count.max(1000).optional(),
  width: count.max(100_000).optional(),
  depth: z.int().min(0).max(100).optional(),
  volume: z.enum(VOLUME_PRESERVATIONS).optional(),
  standardise: z.enum(STANDARDISATIONS).optional(),
} as const;

/** The network of a flow, and the data that it sees. */
export interface FlowOptions {
  /** The network: dense couplings, or the image network. Default `auto`: by the data. */
  readonly preset?: (typeof PRESETS)[number] | undefined;
  /** Number of dense coupling blocks. Default 8 for vectors, 2 for images. */
  readonly blocks?: number | undefined;
  /** Hidden units of the dense subnets. Default: the number of features, at least 10; for images half the pixels. */
  readonly width?: number | undefined;
  /** Hidden layers of the dense subnets. Default 2. */
  readonly depth?: number | undefined;
  /** Volume preservation of the couplings. Default `mean`. */
  readonly volume?: (typeof VOLUME_PRESERVATIONS)[number] | undefined;
  /** How vectors are standardised. Default `auto`. */
  readonly standardise?: (typeof STANDARDISATIONS)[number] | undefined;
}

/** The network as files state it. */
export const networkSettings = {
  preset: z.enum(["vector", "image"]),
  blocks: z.int().nullable(),
  width: z.int().nullable(),
  depth: z.int().nullable(),
  volume: z.enum(VOLUME_PRESERVATIONS),
} as const;

/** The same with every default filled in; null: by the preset. */
export interface FlowConfiguration {
  readonly preset: "vector" | "image";
  readonly blocks: number | null;
  readonly width: number | null;
  readonly depth: number | null;
  readonly volume: (typeof VOLUME_PRESERVATIONS)[number];
  readonly standardise: (typeof STANDARDISATIONS)[number];
}

/** The preset for a data set. Throws InputError where an image network is asked for, and the data are vectors. */
export function resolvePreset(asked: FlowOptions["preset"] = "auto", dataset: Dataset): "vector" | "image" {
  if (asked === "image" && !dataset.image) {
    throw new InputError(`option preset: found "image", but ${dataset.name} holds vectors, expected images`);
  }
  return asked === "auto" ? (dataset.image ? "image" : "vector") : asked;
}

/** How a data set is preprocessed for a flow. */
export function flowPreprocessing(
  dataset: Dataset,
  { preset, standardise }: Pick<FlowConfiguration, "preset" | "standardise">,
): { preprocessing: Preprocessing; notes: string[] } {
  return preset === "image" && dataset.image
    ? imagePreprocessing(dataset.image)
    : vectorPreprocessing(dataset, standardise);
}

/** The flow of a configuration for data that are preprocessed so. */
export function architectureOf(
  { volume, blocks, width, depth }: FlowConfiguration,
  preprocessing: Preprocessing,
): Architecture {
  const input = flowInput(preprocessing);
  const sizes = { blocks: blocks ?? undefined, width: width ?? undefined, depth: depth ?? undefined };
  return preprocessing.kind === "image"
    ? imageArchitecture(input, volume, sizes)
    : vectorArchitecture(input.channels, volume, sizes);
}

const stageSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["dense", "convolutional"]),
    blocks: z.int().positive(),
    width: z.int().positive(),
    depth: z.int().min(0),
  }),
  z.object({ kind: z.literal("downsample") }),
  z.object({ kind: z.literal("flatten") }),
]);

/** An architecture as files state it. */
export const architectureSchema = z.object({
  input: shapeSchema,
  volume: z.enum(VOLUME_PRESERVATIONS),
  stages: z.array(stageSchema).readonly(),
});

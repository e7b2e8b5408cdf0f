import type { ConditionedDataset } from "../../data/check.js";
import { fingerprint } from "../../data/fingerprint.js";
import { selectSamples, splitHeldOut } from "../../data/split.js";
import { Random } from "../../engine/random.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../flows/architecture.js";
import {
  flowInput,
  imagePreprocessing,
  type Preprocessing,
  preprocess,
  vectorPreprocessing,
} from "../preprocessing.js";
import type { GinConfiguration } from "./configuration.js";
import type { LabelledSamples } from "./samples.js";

/** A data set made ready for a fit. */
export interface Prepared {
  readonly dataset: ConditionedDataset;
  readonly preprocessing: Preprocessing;
  readonly architecture: Architecture;
  readonly training: LabelledSamples;
  readonly heldOut: LabelledSamples;
  readonly notes: readonly string[];
  readonly fingerprint: string;
}

/** Preprocesses a data set, holds samples out, and chooses the architecture. */
export function prepare(
  dataset: ConditionedDataset,
  configuration: GinConfiguration,
  notes: readonly string[],
): Prepared {
  const { preprocessing, notes: preprocessingNotes } =
    configuration.preset === "image" && dataset.image
      ? imagePreprocessing(dataset.image)
      : vectorPreprocessing(dataset, configuration.standardise);
  const { labels } = dataset.condition;
  const order = new Random(configuration.seed, "held-out").permutation(dataset.samples);
  const split = splitHeldOut(dataset.samples, configuration.heldOut, order, labels);
  const take = (indices: Int32Array): LabelledSamples => ({
    data: preprocess(preprocessing, selectSamples(dataset, indices).features),
    labels: Int32Array.from(indices, (index) => labels[index]),
  });
  return {
    dataset,
    preprocessing,
    architecture: architectureOf(configuration, preprocessing),
    training: take(split.training),
    heldOut: take(split.heldOut),
    notes: [...notes, ...preprocessingNotes],
    fingerprint: fingerprint(dataset),
  };
}

function architectureOf(configuration: GinConfiguration, preprocessing: Preprocessing): Architecture {
  const input = flowInput(preprocessing);
  const { volume, blocks, width, depth } = configuration;
  const sizes = { blocks: blocks ?? undefined, width: width ?? undefined, depth: depth ?? undefined };
  return preprocessing.kind === "image"
    ? imageArchitecture(input, volume, sizes)
    : vectorArchitecture(input.channels, volume, sizes);
}

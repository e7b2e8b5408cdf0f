import type { ConditionedDataset } from "../../data/check.js";
import { type Architecture, imageArchitecture, vectorArchitecture } from "../../flows/architecture.js";
import { flowInput, imagePreprocessing, type Preprocessing, vectorPreprocessing } from "../preprocessing.js";
import { type PreparedData, prepareData } from "../trained/prepared-data.js";
import type { GinConfiguration } from "./configuration.js";

/** A data set made ready for a fit. */
export interface Prepared extends PreparedData {
  readonly architecture: Architecture;
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
  return {
    ...prepareData(dataset, preprocessing, configuration, [...notes, ...preprocessingNotes]),
    architecture: architectureOf(configuration, preprocessing),
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

import type { ConditionedDataset } from "../../data/check.js";
import type { Architecture } from "../../flows/architecture.js";
import { architectureOf, flowPreprocessing } from "../flow/configuration.js";
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
  const { preprocessing, notes: preprocessingNotes } = flowPreprocessing(dataset, configuration);
  return {
    ...prepareData(dataset, preprocessing, configuration, [...notes, ...preprocessingNotes]),
    architecture: architectureOf(configuration, preprocessing),
  };
}

export { CHECKS, type IdentifiabilityCheck } from "./checks.js";
export { type ConditionStatistics, conditionStatistics, modelStatistics } from "./condition-statistics.js";
export { dataDirections } from "./data-directions.js";
export {
  type ConditionCounts,
  type ConditionGroups,
  type Identifiability,
  type IdentifiabilityOptions,
  identifiability,
} from "./identifiability.js";
export { modelCheck } from "./model-check.js";
export type { NaturalDifferences, NaturalParameter } from "./natural-parameters.js";
export type { SpannedRank } from "./rank.js";
export type { LatentVariation, ParameterVariation } from "./variation.js";

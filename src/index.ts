export * from "./analysis/index.js";
export {
  type Condition,
  conditionOf,
  type Dataset,
  type ImageShape,
  type ReadOptions,
  readDataset,
  selectSamples,
  writeArray,
  writeDataset,
} from "./data/index.js";
export { FailureError, InputError } from "./errors.js";
export type { GinConfiguration, GinOptions } from "./models/gin/configuration.js";
export { type FitHooks, type FitProgress, fitGin } from "./models/gin/fit.js";
export { Gin, type SampleOptions } from "./models/gin/gin.js";
export { loadGin } from "./models/gin/load.js";
export type { HistoryEntry, Model } from "./models/model.js";
export { type Mixture, type MixtureOptions, simulateMixture } from "./simulate/mixture.js";

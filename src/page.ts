// All of the library that needs no files: what a page imports.

export * from "./analysis/index.js";
export { continuousCondition } from "./data/condition-reading.js";
export {
  type Condition,
  conditionsOf,
  type Dataset,
  type ImageShape,
} from "./data/dataset.js";
export { conditionOf } from "./data/labels.js";
export { selectSamples } from "./data/split.js";
export { LATENT_FAMILIES, type LatentFamily } from "./distributions/latent-family.js";
export type { Peaks } from "./engine/profile/peaks.js";
export type { OperationProfile, Profile } from "./engine/profile/profile.js";
export { FailureError, InputError } from "./errors.js";
export type { GinConfiguration, GinOptions } from "./models/gin/configuration.js";
export { fitGin } from "./models/gin/fit.js";
export { Gin } from "./models/gin/gin.js";
export { loadGin } from "./models/gin/load.js";
export { fitIca, type IcaOptions } from "./models/ica/ica.js";
export type { IvaeConfiguration, IvaeOptions } from "./models/ivae/configuration.js";
export { fitIvae } from "./models/ivae/fit.js";
export { Ivae } from "./models/ivae/ivae.js";
export { loadModel } from "./models/load.js";
export type { FitHooks, FitProgress } from "./models/method.js";
export type { HistoryEntry, Model, OpenOptions, SampleOptions } from "./models/model.js";
export { fitPca, type PcaOptions } from "./models/pca/pca.js";
export type { SslConfiguration, SslOptions } from "./models/ssl/configuration.js";
export { fitSsl } from "./models/ssl/fit.js";
export { loadSsl } from "./models/ssl/load.js";
export type { AugmentFunction } from "./models/ssl/sets.js";
export { Ssl } from "./models/ssl/ssl.js";
export { fromValues, valuesOnSupport } from "./models/support.js";
export { type Mixture, type MixtureOptions, simulateMixture } from "./simulate/mixture.js";
export { type SegmentOptions, type Segments, simulateSegments } from "./simulate/segments.js";
export { type Series, type SeriesOptions, simulateSeries } from "./simulate/series.js";

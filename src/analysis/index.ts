export type { ConditionalGaussian, Decode } from "./conditional-gaussian.js";
export { averageRanks, type CorrelationKind, correlationMatrix } from "./correlation.js";
export {
  type InformativeLatents,
  type InformativeRule,
  informativeLatents,
  kneeOfSpectrum,
  largestDrop,
  type SpectrumDrop,
} from "./informative.js";
export { bestAssignment, type MeanCorrelation, meanCorrelationCoefficient } from "./mcc.js";
export { type ClusterOverlap, clusterOverlap } from "./overlap.js";
export { type PrincipalPlane, principalPlane } from "./principal.js";
export type { SampleMatrix } from "./sample-matrix.js";
export {
  keepLatents,
  type SamplingOptions,
  sampleAcrossClasses,
  sampleCodes,
  whitenedCodes,
} from "./sampling.js";
export {
  gaussianSpectrum,
  type SpectrumEntry,
  type SpectrumMeasure,
  sortSpectrum,
  spectrum,
} from "./spectrum.js";
export { colour, colourAcrossClasses, styleTransferCodes, whiten } from "./style-transfer.js";
export { defaultPositions, type Traversal, traversal, traversalCodes } from "./traversal.js";

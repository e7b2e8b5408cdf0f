export * from "./activation";
export * from "./adam";
export * from "./aggregate";
export * from "./batch";
export {
  convolutionDirect, convolutionDirectScratch, convolutionDirectWeightBytes, convolutionDirectWeights,
} from "./convolution-direct";
export { convolutionBiasGradient, convolutionDirectWeightGradient } from "./convolution-weight-gradient";
export {
  convolutionWinograd, convolutionWinogradScratch, convolutionWinogradWeightBytes, convolutionWinogradWeights,
} from "./convolution-winograd";
export {
  convolutionWinogradSumBytes, convolutionWinogradWeightGradient, convolutionWinogradWeightGradientEnd,
  convolutionWinogradWeightGradientScratch,
} from "./convolution-winograd-gradient";
export {
  convolutionWinograd7, convolutionWinograd7Scratch, convolutionWinograd7WeightBytes, convolutionWinograd7Weights,
} from "./convolution-winograd7";
export {
  convolutionWinograd7Gradients, convolutionWinograd7GradientsScratch, convolutionWinograd7SumBytes,
  convolutionWinograd7WeightGradientEnd,
} from "./convolution-winograd7-backward";
export * from "./coupling";
export * from "./cross-entropy";
export * from "./density";
export * from "./embedding";
export * from "./families";
export {
  downsample, flatten, imageClearBorder, imageLoad, imageStore, unflatten, upsample,
} from "./image";
export * from "./likelihood";
export * from "./linear";
export * from "./linear-weight-gradient";
export * from "./maxout";
export { ownMemoryBytes, useOwnMemory } from "./own-memory";
export * from "./probe";
export * from "./random";
export { readAhead } from "./read-ahead";
export * from "./set-likelihood";

/** First address that the kernels leave free. */
export function heapBase(): usize {
  return __heap_base;
}

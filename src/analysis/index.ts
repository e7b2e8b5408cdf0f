export {
  type Attackable,
  type AttackSpace,
  fastGradientSign,
  type IteratedAttack,
  projectedGradient,
  usualStepSize,
} from "./adversarial.js";
export { type Agreement, compareChoices } from "./agreement.js";
export {
  ATTACKS,
  type Attack,
  type AttackedPart,
  type AttackJob,
  attackSpace,
  attackTrial,
  type StrengthOutcome,
} from "./attack-trial.js";
export { carriers } from "./carriers.js";
export * from "./causality/index.js";
export { type ClassScores, classLogLikelihoods, growingLogJoint, logJoint } from "./class-likelihood.js";
export { attackDirection, type LatentClassifier } from "./class-loss.js";
export {
  type Calibration,
  type CalibrationBin,
  calibration,
  confusionMatrix,
  logLoss,
} from "./classification.js";
export {
  accuracy,
  accuracyCurve,
  classPosterior,
  empiricalLogPrior,
  type Posterior,
  uniformLogPrior,
} from "./classifier.js";
export type { ConditionalGaussian, Decode } from "./conditional-gaussian.js";
export { mutualInformationContinuous } from "./continuous-mutual-information.js";
export { averageRanks, type CorrelationKind, correlationMatrix } from "./correlation.js";
export { CRITERIA, type Criterion, quantityOf } from "./criterion.js";
export { type CurveCut, type Cut, type CutRule, cutCurve, type DecayCurve } from "./cut.js";
export { kneeOfSpectrum, largestDrop, type SpectrumDrop, type SpectrumKnee } from "./decay-curve.js";
export { type DefenceOutcome, defenceOutcome } from "./defence.js";
export {
  type FullGaussian,
  fullGaussians,
  fullLogLikelihoods,
  withinClassCorrelation,
} from "./full-gaussian.js";
export { type GaussianClusters, gaussianClusters } from "./gaussian-clusters.js";
export * from "./identifiability/index.js";
export { type InformativeLatents, informativeLatents } from "./informative.js";
export {
  type LatentScore,
  type LatentScores,
  type MeasuredScores,
  type ScoreOptions,
  scoreLatents,
} from "./latent-scores.js";
export { bestAssignment, type MeanCorrelation, meanCorrelationCoefficient } from "./mcc.js";
export { median } from "./median.js";
export { METRICS } from "./metrics/definitions.js";
export { type EvaluationOptions, evaluateLatents, withLatentNumbers } from "./metrics/evaluation.js";
export type { Evaluation, InAndOut } from "./metrics/evaluation-result.js";
export {
  type MutualInformationOptions,
  mutualInformation,
  mutualInformations,
} from "./mutual-information.js";
export {
  aurocCurve,
  DENSITIES,
  type Density,
  outlierScores,
  outlierThreshold,
} from "./outliers.js";
export { type ClusterOverlap, clusterOverlap } from "./overlap.js";
export type { NullLevel } from "./permutation-null.js";
export { type PrincipalPlane, principalPlane } from "./principal.js";
export { lowestLogLikelihoods, passesRejection } from "./rejection.js";
export { auroc, type RocPoint, rocCurve } from "./roc.js";
export { type SampleMatrix, selectColumns, selectRows } from "./sample-matrix.js";
export {
  keepLatents,
  type SamplingOptions,
  sampleAcrossClasses,
  sampleCodes,
  whitenedCodes,
} from "./sampling.js";
export {
  chooseLatents,
  decayCurve,
  parseCut,
  parseSelection,
  SELECTION_FORM,
  type SelectableScores,
  type SelectedLatents,
  type Selection,
  selectionText,
  selectLatents,
} from "./selection.js";
export {
  gaussianSpectrum,
  type SpectrumEntry,
  type SpectrumMeasure,
  sortSpectrum,
  spectrum,
} from "./spectrum.js";
export { splitLabels } from "./split-labels.js";
export { colour, colourAcrossClasses, styleTransferCodes, whiten } from "./style-transfer.js";
export { defaultPositions, type Traversal, traversal, traversalCodes } from "./traversal.js";

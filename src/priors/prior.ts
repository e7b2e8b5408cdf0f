import type { LatentFamily } from "../distributions/latent-family.js";
import type { Context } from "../engine/context.js";
import { isVector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";

/** Conditions of the samples in a team member's slice of a batch, where a class number does not say them. */
export interface BatchConditions {
  /** What a network of the condition takes, or the weight of each class. Shape [samples][width]. */
  readonly values: Float32Array;
  readonly width: number;
  /** Samples of the whole batch, over the team. */
  readonly batch: number;
}

/** The class of each sample in a part of a batch. */
export interface BatchLabels {
  /** Address of one 32-bit class number a sample. */
  readonly pointer: number;
  /** Samples in this part. */
  readonly samples: number;
  /** Samples of the whole batch, over the team, whose class is known and that count. */
  readonly known: number;
  /** Samples of each class in the whole batch, over the team. */
  counts(): Float64Array;
  /** Samples of each class in this part. */
  readonly localCounts: Float64Array;
  readonly conditions?: BatchConditions | undefined;
}

/**
 * A conditional density p(w|u) that a flow is trained against. Of families on a part of the real line, it is the density
 * of the real numbers that the flow gives for their values.
 */
export interface ConditionalPrior {
  readonly features: number;
  /** Whether the loss of a batch is the sum of its parts', given what the labels say of the whole. */
  readonly isAdditive: boolean;
  /**
   * The mean over samples and dimensions of -log p(w|u) - 1/2 log 2 pi, minus the log-determinant's mean a
   * dimension (GIN, eq. 7); of a team's member its share. Stores the gradient of w, of the log-determinant and of the
   * prior's parameters.
   */
  trainingLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number;
  /** The same under fixed tables, without gradients. */
  evaluationLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number;
}

/** A prior that has parameters for each class. */
export interface TablePrior extends ConditionalPrior {
  readonly classes: number;
  /**
   * The tables in force: mean and log of the standard deviation, [class][feature]; of other families than the normal
   * location and log scale.
   */
  tables(context: Context): { mean: Float32Array; logSigma: Float32Array };
  /** Puts given tables in force. */
  setTables(context: Context, mean: Float32Array, logSigma: Float32Array): void;
}

/** Counts labels per class; negative labels are left out. */
export function countLabels(labels: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) if (labels[i] >= 0) counts[labels[i]] += 1;
  return counts;
}

/** Where the loss kernel finds its tables and puts their gradients (0: nowhere). */
export interface TablePointers {
  readonly mean: number;
  readonly logSigma: number;
  readonly meanGradient: number;
  readonly logSigmaGradient: number;
}

/** Families as the kernels number them. On the real line the lognormal is the normal, which has a kernel of its own. */
export const FAMILY_CODES: Readonly<Record<LatentFamily, number>> = {
  normal: 0,
  lognormal: 0,
  gamma: 1,
  "inverse-gamma": 2,
  "inverse-gaussian": 3,
  beta: 4,
};

/** The loss shared by all priors with tables; see {@link ConditionalPrior.trainingLoss}. */
export function tableLoss(
  context: Context,
  w: Tensor,
  labels: BatchLabels,
  prior: { readonly classes: number; readonly features: number; readonly family: LatentFamily },
  tables: TablePointers,
  logDeterminant: Tensor | undefined,
): number {
  const { arena, kernels, memory } = context.engine;
  if (!isVector(w.shape)) throw new Error("A prior needs latents as vectors.");
  const mark = arena.mark();
  const family = FAMILY_CODES[prior.family];
  const scratch = arena.allocate((family === 0 ? 32 : 64) * prior.classes);
  const counts = arena.allocate(8 * prior.classes);
  new Float64Array(memory.buffer.buffer, counts, prior.classes).set(labels.localCounts);
  // All samples may have been left out, and then there is neither loss nor gradient.
  const scale = labels.known > 0 ? 1 / (labels.known * prior.features) : 0;
  const args = [
    w.pointer,
    w.channelStride,
    w.gradient,
    labels.pointer,
    tables.mean,
    tables.logSigma,
    tables.meanGradient,
    tables.logSigmaGradient,
    prior.classes,
    prior.features,
    labels.samples,
    w.inner,
    scale,
    counts,
    scratch,
  ] as const;
  let total = family === 0 ? kernels.gaussianLoss(...args) : kernels.familyLoss(...args, family);
  if (w.hasGradient) w.markGradientWritten();
  const classOf = memory.integers(labels.pointer, labels.samples);
  total -= passLogDeterminant(context, logDeterminant, scale, (sample) => classOf[sample] >= 0);
  arena.release(mark);
  return total * scale;
}

/**
 * The loss of samples whose classes are uncertain, -log sum_u q_u p(w|u) with the weights q of each sample; see
 * {@link ConditionalPrior.trainingLoss}. A sample with one weight has the loss of that class.
 */
export function mixtureLoss(
  context: Context,
  w: Tensor,
  { values: weights, batch }: BatchConditions,
  prior: { readonly classes: number; readonly features: number },
  tables: TablePointers,
  logDeterminant: Tensor | undefined,
): number {
  const { arena, kernels, memory } = context.engine;
  const mark = arena.mark();
  const samples = weights.length / prior.classes;
  const pointer = arena.allocate(weights.byteLength);
  memory.floats(pointer, weights.length).set(weights);
  const scratch = arena.allocate(8 * (samples + 4) * prior.classes);
  const scale = 1 / (batch * prior.features);
  let total = kernels.mixtureLoss(
    w.pointer,
    w.channelStride,
    w.gradient,
    pointer,
    tables.mean,
    tables.logSigma,
    tables.meanGradient,
    tables.logSigmaGradient,
    prior.classes,
    prior.features,
    samples,
    w.inner,
    scale,
    scratch,
  );
  if (w.hasGradient) w.markGradientWritten();
  total -= passLogDeterminant(context, logDeterminant, scale);
  arena.release(mark);
  return total * scale;
}

/** Sums the log-determinants of the samples that count, and stores their gradient; 0 where there are none. */
export function passLogDeterminant(
  context: Context,
  logDeterminant: Tensor | undefined,
  scale: number,
  counts: (sample: number) => boolean = () => true,
): number {
  if (!logDeterminant) return 0;
  const { memory } = context.engine;
  const { samples } = logDeterminant;
  const values = memory.floats(logDeterminant.pointer, samples);
  let total = 0;
  for (let sample = 0; sample < samples; sample++) if (counts(sample)) total += values[sample];
  if (logDeterminant.hasGradient) {
    const gradient = memory.floats(logDeterminant.gradient, logDeterminant.inner).fill(0);
    for (let sample = 0; sample < samples; sample++) gradient[sample] = counts(sample) ? -scale : 0;
  }
  return total;
}

import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import { type BatchLabels, type TablePrior, tableLoss } from "./prior.js";

/** Added to every variance, so that a latent that is constant within a batch has a likelihood. */
const VARIANCE_FLOOR = 1e-10;

/**
 * One factorial Gaussian a class, with the mean and biased variance of the class's samples in the mini-batch,
 * differentiated through (GIN, appendix D.1): since they are the maximum of the likelihood, the gradient of w is
 * that of the fixed Gaussian. A class with fewer than two samples in a batch is left out of the batch's loss.
 * Evaluation uses tables set from a pass over the data.
 */
export class EmpiricalGaussian implements TablePrior {
  readonly isAdditive = false;
  readonly family = "normal";
  private mean: Float32Array;
  private logSigma: Float32Array;
  /** Samples left out so far because their class had fewer than two in their batch. */
  leftOut = 0;

  constructor(
    readonly classes: number,
    readonly features: number,
  ) {
    this.mean = new Float32Array(classes * features);
    this.logSigma = new Float32Array(classes * features);
  }

  trainingLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const mark = context.engine.arena.mark();
    const counted = this.dropSmallClasses(context, labels);
    const tables = this.batchStatistics(context, w, counted);
    const loss = tableLoss(
      context,
      w,
      counted,
      this,
      { ...tables, meanGradient: 0, logSigmaGradient: 0 },
      logDeterminant,
    );
    context.engine.arena.release(mark);
    return loss;
  }

  evaluationLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const { arena, memory } = context.engine;
    const mark = arena.mark();
    const [mean, logSigma] = [this.mean, this.logSigma].map((table) => {
      const pointer = arena.allocate(table.byteLength);
      memory.floats(pointer, table.length).set(table);
      return pointer;
    });
    const tables = { mean, logSigma, meanGradient: 0, logSigmaGradient: 0 };
    const loss = tableLoss(context, w, labels, this, tables, logDeterminant);
    arena.release(mark);
    return loss;
  }

  tables(): { mean: Float32Array; logSigma: Float32Array } {
    return { mean: this.mean.slice(), logSigma: this.logSigma.slice() };
  }

  setTables(_context: Context, mean: Float32Array, logSigma: Float32Array): void {
    this.mean = mean.slice();
    this.logSigma = logSigma.slice();
  }

  private dropSmallClasses(context: Context, labels: BatchLabels): BatchLabels {
    const inBatch = labels.counts();
    if (inBatch.every((count) => count === 0 || count >= 2)) return labels;
    const { memory } = context.engine;
    const isSmall = (label: number) => inBatch[label] < 2;
    const classOf = memory.integers(labels.pointer, labels.samples);
    for (let sample = 0; sample < labels.samples; sample++) {
      if (classOf[sample] >= 0 && isSmall(classOf[sample])) {
        classOf[sample] = -1;
        this.leftOut++;
      }
    }
    const keep = (counts: Float64Array) => counts.map((count, label) => (isSmall(label) ? 0 : count));
    const kept = keep(inBatch);
    return {
      ...labels,
      known: kept.reduce((sum, count) => sum + count, 0),
      counts: () => kept,
      localCounts: keep(labels.localCounts),
    };
  }

  /** Means and log standard deviations of each class in the batch, over the whole team. */
  private batchStatistics(
    context: Context,
    w: Tensor,
    labels: BatchLabels,
  ): { mean: number; logSigma: number } {
    const { arena, kernels, memory, team } = context.engine;
    const length = this.classes * this.features;
    const counts = labels.counts();
    const mean = arena.allocate(4 * length);
    const logSigma = arena.allocate(4 * length);
    const scratch = arena.allocate(16 * this.classes);
    const moments = (center: number, out: number) => {
      kernels.classMoments(
        w.pointer,
        w.channelStride,
        labels.pointer,
        center,
        out,
        this.classes,
        this.features,
        labels.samples,
        scratch,
      );
      team.allReduce(memory.floats(out, length));
    };
    const perClass = (pointer: number, value: (sum: number, count: number) => number) => {
      const table = memory.floats(pointer, length);
      for (let entry = 0; entry < length; entry++) {
        table[entry] = value(table[entry], Math.max(1, counts[Math.floor(entry / this.features)]));
      }
    };
    moments(0, mean);
    perClass(mean, (sum, count) => sum / count);
    moments(mean, logSigma);
    perClass(logSigma, (squares, count) => 0.5 * Math.log(squares / count + VARIANCE_FLOOR));
    return { mean, logSigma };
  }
}

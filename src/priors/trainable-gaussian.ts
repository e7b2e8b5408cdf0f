import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import type { Parameter, Parameters } from "../nn/parameters.js";
import { type BatchLabels, type ConditionalPrior, gaussianLoss } from "./prior.js";

/** One factorial Gaussian a class, whose means and log standard deviations are learned with the flow. */
export class TrainableGaussian implements ConditionalPrior {
  private readonly mean: Parameter;
  private readonly logSigma: Parameter;

  constructor(
    parameters: Parameters,
    readonly classes: number,
    readonly features: number,
  ) {
    this.mean = parameters.declare("prior.mean", [classes, features]);
    this.logSigma = parameters.declare("prior.log_sigma", [classes, features]);
  }

  trainingLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const tables = {
      mean: this.mean.pointer,
      logSigma: this.logSigma.pointer,
      meanGradient: this.mean.gradient,
      logSigmaGradient: this.logSigma.gradient,
    };
    return gaussianLoss(context, w, labels, this, tables, logDeterminant);
  }

  evaluationLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const tables = {
      mean: this.mean.pointer,
      logSigma: this.logSigma.pointer,
      meanGradient: 0,
      logSigmaGradient: 0,
    };
    return gaussianLoss(context, w, labels, this, tables, logDeterminant);
  }

  tables(context: Context): { mean: Float32Array; logSigma: Float32Array } {
    const { memory } = context.engine;
    return {
      mean: memory.floats(this.mean.pointer, this.mean.length).slice(),
      logSigma: memory.floats(this.logSigma.pointer, this.logSigma.length).slice(),
    };
  }

  setTables(context: Context, mean: Float32Array, logSigma: Float32Array): void {
    const { memory } = context.engine;
    memory.floats(this.mean.pointer, this.mean.length).set(mean);
    memory.floats(this.logSigma.pointer, this.logSigma.length).set(logSigma);
  }
}

import type { LatentFamily } from "../distributions/latent-family.js";
import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import type { Parameter, Parameters } from "../nn/parameters.js";
import { type BatchLabels, mixtureLoss, type TablePointers, type TablePrior, tableLoss } from "./prior.js";

/**
 * One factorial density of a family a class, whose locations and log scales are learned with the flow. Samples whose classes
 * are uncertain have the likelihood of their mixture.
 */
export class TrainablePrior implements TablePrior {
  readonly isAdditive = true;
  private readonly mean: Parameter;
  private readonly logSigma: Parameter;

  constructor(
    parameters: Parameters,
    readonly classes: number,
    readonly features: number,
    readonly family: LatentFamily = "normal",
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
    return this.loss(context, w, labels, tables, logDeterminant);
  }

  evaluationLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const tables = {
      mean: this.mean.pointer,
      logSigma: this.logSigma.pointer,
      meanGradient: 0,
      logSigmaGradient: 0,
    };
    return this.loss(context, w, labels, tables, logDeterminant);
  }

  private loss(
    context: Context,
    w: Tensor,
    labels: BatchLabels,
    tables: TablePointers,
    logDeterminant: Tensor | undefined,
  ): number {
    return labels.conditions
      ? mixtureLoss(context, w, labels.conditions, this, tables, logDeterminant)
      : tableLoss(context, w, labels, this, tables, logDeterminant);
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

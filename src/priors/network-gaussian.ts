import { allocate, type Context } from "../engine/context.js";
import { vector } from "../engine/shape.js";
import { Tape } from "../engine/tape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Parameters } from "../nn/parameters.js";
import { ConditionNetwork, type ConditionNetworkSizes } from "./condition-network.js";
import { differentiateLocationScale, locationScaleDensity } from "./location-scale.js";
import { type BatchLabels, type ConditionalPrior, passLogDeterminant } from "./prior.js";

const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * A factorial Gaussian whose means and log standard deviations are functions of a condition that is a point: an MLP of u,
 * learned with the flow. Its batches carry what the MLP takes (`BatchLabels.conditions`).
 */
export class NetworkGaussian implements ConditionalPrior {
  readonly isAdditive = true;
  readonly network: ConditionNetwork;
  readonly features: number;

  constructor(parameters: Parameters, sizes: ConditionNetworkSizes) {
    this.network = new ConditionNetwork(parameters, sizes);
    this.features = sizes.features;
  }

  trainingLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const { engine } = context;
    const mark = engine.arena.mark();
    const tape = new Tape();
    const taped = { engine, tape };
    const rows = this.rows(taped, labels);
    const density = locationScaleDensity({ engine }, w, rows, "gaussian");
    const scale = scaleOf(labels, this.features);
    const slopes = allocate(taped, vector(1), w.samples);
    engine.memory.floats(slopes.gradient, slopes.inner).fill(-scale, 0, w.samples).fill(0, w.samples);
    // The tape of the flow may be a recorded one, whose tensors carry the marks of the step before.
    differentiateLocationScale(context, w, rows, slopes, "gaussian", false);
    tape.backward();
    const loss = this.mean(context, density, labels, scale, logDeterminant);
    engine.arena.release(mark);
    return loss;
  }

  evaluationLoss(context: Context, w: Tensor, labels: BatchLabels, logDeterminant?: Tensor): number {
    const { engine } = context;
    const mark = engine.arena.mark();
    const density = locationScaleDensity({ engine }, w, this.rows({ engine }, labels), "gaussian");
    const loss = this.mean(context, density, labels, scaleOf(labels, this.features), logDeterminant);
    engine.arena.release(mark);
    return loss;
  }

  private rows(context: Context, { conditions }: BatchLabels): Tensor {
    if (!conditions) throw new Error("This prior takes the condition of each sample.");
    return this.network.rows(context, this.network.load(context, conditions.values));
  }

  private mean(
    context: Context,
    density: Tensor,
    { samples }: BatchLabels,
    scale: number,
    logDeterminant: Tensor | undefined,
  ): number {
    const values = context.engine.memory.floats(density.pointer, samples);
    let total = 0;
    for (let sample = 0; sample < samples; sample++) {
      total -= values[sample] + this.features * HALF_LOG_2_PI;
    }
    return scale * (total - passLogDeterminant(context, logDeterminant, scale));
  }
}

const scaleOf = ({ conditions }: BatchLabels, features: number): number =>
  1 / ((conditions?.batch ?? 1) * features);

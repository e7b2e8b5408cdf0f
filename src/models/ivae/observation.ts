import { allocate, type Context } from "../../engine/context.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";

/** What the decoder's output is to an observation. */
export const OBSERVATIONS = ["gaussian", "bernoulli"] as const;
export type Observation = (typeof OBSERVATIONS)[number];

/** log p(x) of each sample, in nats, under Bernoulli variables with the log-odds `logits`; values of x are in [0, 1]. */
export function bernoulliDensity(context: Context, x: Tensor, logits: Tensor): Tensor {
  const { kernels } = context.engine;
  const density = allocate(context, vector(1), x.samples);
  const shared = [x.pointer, x.channelStride, logits.pointer, logits.channelStride] as const;
  kernels.bernoulliObservation(...shared, density.pointer, x.channels, x.inner);
  context.tape?.record(() => {
    const { gradient } = logits;
    kernels.bernoulliObservationGradient(...shared, density.gradient, gradient, x.channels, x.inner);
    logits.markGradientWritten();
  });
  return density;
}

/** Addresses of a log standard deviation for each feature, and of its gradient (0: none is wanted). */
export interface NoiseScale {
  readonly pointer: number;
  readonly gradient: number;
}

/** log p(x) of each sample, in nats, under independent Gaussians around `mean`. */
export function gaussianDensity(context: Context, x: Tensor, mean: Tensor, scale: NoiseScale): Tensor {
  const { kernels } = context.engine;
  const density = allocate(context, vector(1), x.samples);
  const shared = [x.pointer, x.channelStride, mean.pointer, mean.channelStride, scale.pointer] as const;
  kernels.gaussianObservation(...shared, density.pointer, x.channels, x.inner);
  context.tape?.record(() => {
    const { gradient } = mean;
    const scaleGradient = context.frozen ? 0 : scale.gradient;
    kernels.gaussianObservationGradient(
      ...shared,
      density.gradient,
      gradient,
      scaleGradient,
      x.channels,
      x.inner,
    );
    mean.markGradientWritten();
  });
  return density;
}

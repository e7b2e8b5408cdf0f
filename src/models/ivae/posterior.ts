import { allocate, type Context } from "../../engine/context.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";

/** A latent code of each sample drawn from its posterior, and log q(code) in nats. */
export interface PosteriorSample {
  readonly z: Tensor;
  readonly density: Tensor;
}

/**
 * z = m + exp(s) noise, the reparameterised sample (Kingma and Welling 2014) of the diagonal Gaussian of which `posterior`
 * holds the means m, then the log standard deviations s; noise is standard normal, of z's shape.
 */
export function samplePosterior(context: Context, posterior: Tensor, noise: Tensor): PosteriorSample {
  const { kernels } = context.engine;
  const z = allocate(context, noise.shape, posterior.samples);
  const density = allocate(context, vector(1), posterior.samples);
  kernels.gaussianSample(
    posterior.pointer,
    posterior.channelStride,
    noise.pointer,
    noise.channelStride,
    z.pointer,
    z.channelStride,
    density.pointer,
    z.channels,
    z.inner,
  );
  context.tape?.record(() => {
    kernels.gaussianSampleGradient(
      posterior.pointer,
      posterior.channelStride,
      z.pointer,
      z.gradient,
      z.channelStride,
      density.gradient,
      posterior.gradient,
      z.channels,
      z.inner,
      posterior.gradientWritten ? 1 : 0,
    );
    posterior.markGradientWritten();
  });
  return { z, density };
}

/** Log-densities under the posteriors of a whole batch, in nats up to the constant that turns sums over it into means. */
export interface AggregateDensities {
  /** log sum_j q_j(z) of each sample. */
  readonly joint: Float32Array;
  /** The sum over latents of log sum_j q_j(z_i). */
  readonly marginals: Float32Array;
}

/**
 * log q(z) and sum_i log q(z_i) of each code, estimated from the batch's own posteriors (Chen et al. 2018). With a
 * tape, stores the gradients of `weights`' sums of them for z and the posterior: the first contributions to both.
 */
export function aggregatePosterior(
  { engine, tape }: Context,
  posterior: Tensor,
  z: Tensor,
  weights: { readonly joint: number; readonly marginals: number },
): AggregateDensities {
  const { arena, kernels, memory } = engine;
  const [joint, marginals] = [arena.allocate(4 * z.inner), arena.allocate(4 * z.inner)];
  const scratch = arena.allocate(4 * (2 * z.channels + 1) * z.inner);
  kernels.aggregatePosterior(
    z.pointer,
    z.channelStride,
    posterior.pointer,
    posterior.channelStride,
    joint,
    marginals,
    weights.joint,
    weights.marginals,
    tape ? z.gradient : 0,
    tape ? posterior.gradient : 0,
    z.channels,
    z.samples,
    z.inner,
    scratch,
  );
  if (tape) {
    z.markGradientWritten();
    posterior.markGradientWritten();
  }
  return { joint: memory.floats(joint, z.samples), marginals: memory.floats(marginals, z.samples) };
}

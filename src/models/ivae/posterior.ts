import { allocate, type Context } from "../../engine/context.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";

/**
 * Covariance of the Gaussian q(z|x,u): diagonal, or any, by its Cholesky factor. Where noise is small and the decoder's
 * Jacobian has columns that are not orthogonal, the exact posterior is far from diagonal, and a bound with a diagonal one
 * prefers decoders whose columns are orthogonal to the true one.
 */
export const POSTERIORS = ["diagonal", "full"] as const;
export type PosteriorKind = (typeof POSTERIORS)[number];

/** More latents than this have a diagonal posterior unless another is asked for: a full one has n (n - 1) / 2 values more. */
const MOST_FULL = 20;

export const usualPosterior = (latents: number): PosteriorKind =>
  latents <= MOST_FULL ? "full" : "diagonal";

/** Values by which an encoder tells a posterior: means, log standard deviations, and the factors below the diagonal. */
export const posteriorWidth = (kind: PosteriorKind, latents: number): number =>
  2 * latents + (kind === "full" ? (latents * (latents - 1)) / 2 : 0);

/** A latent code of each sample drawn from its posterior, and log q(code) in nats. */
export interface PosteriorSample {
  readonly z: Tensor;
  readonly density: Tensor;
}

/**
 * z = m + exp(s) (L noise), the reparameterised sample (Kingma and Welling 2014) of the Gaussian of which `posterior`
 * holds the means m, then the log scales s, and unless it is diagonal what stands below the diagonal of L, row by row; the
 * diagonal of L is 1. noise is standard normal, of z's shape.
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
  const isFull = posterior.channels > 2 * z.channels;
  const shear = [posterior.pointer, posterior.channelStride, noise.pointer, noise.channelStride] as const;
  if (isFull) kernels.shearSample(...shear, z.pointer, z.channelStride, z.channels, z.inner);
  context.tape?.record(() => {
    if (isFull) {
      kernels.shearSampleGradient(
        ...shear,
        z.gradient,
        z.channelStride,
        posterior.gradient,
        z.channels,
        z.inner,
        posterior.gradientWritten ? 1 : 0,
      );
    }
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

import { allocate, type Context } from "../engine/context.js";
import { vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";

/** Families of which each latent's density is a member, with a location and a log scale. */
export const FAMILIES = ["gaussian", "laplace"] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * log p(z) of each sample under a factorial location-scale family, in nats: one value a sample. The rows of `parameters`
 * are the locations of z's features, then their log scales (Gaussian: log standard deviations).
 */
export function locationScaleDensity(
  context: Context,
  z: Tensor,
  parameters: Tensor,
  family: Family,
): Tensor {
  const { kernels } = context.engine;
  const density = allocate(context, vector(1), z.samples);
  kernels.locationScaleDensity(
    z.pointer,
    z.channelStride,
    parameters.pointer,
    parameters.channelStride,
    density.pointer,
    z.channels,
    z.inner,
    isLaplace(family),
  );
  context.tape?.record(() => {
    differentiateLocationScale(context, z, parameters, density, family, z.gradientWritten);
  });
  return density;
}

const isLaplace = (family: Family): number => (family === "laplace" ? 1 : 0);

/** Passes the gradient of {@link locationScaleDensity} on: to z stored, or with `accumulate` added. */
export function differentiateLocationScale(
  { engine }: Context,
  z: Tensor,
  parameters: Tensor,
  density: Tensor,
  family: Family,
  accumulate: boolean,
): void {
  engine.kernels.locationScaleGradient(
    z.pointer,
    z.channelStride,
    parameters.pointer,
    parameters.channelStride,
    density.gradient,
    z.gradient,
    parameters.gradient,
    z.channels,
    z.inner,
    isLaplace(family),
    accumulate ? 1 : 0,
    parameters.gradientWritten ? 1 : 0,
  );
  if (z.hasGradient) z.markGradientWritten();
  if (parameters.hasGradient) parameters.markGradientWritten();
}

import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";

/** Added to every variance, so that a latent that is constant within a set has a likelihood. */
const VARIANCE_FLOOR = 1e-10;

/** A batch of sets, whose members are neighbouring samples. */
export interface SetBatch {
  /** Samples of a set. */
  readonly members: number;
  /** Sets in this team member's slice. */
  readonly sets: number;
  /** Sets of the whole batch, over the team. */
  readonly batch: number;
}

/**
 * The mean over samples and dimensions of -log p(w|set) - 1/2 log 2 pi, where each set has a factorial Gaussian (Under
 * review, "Self-supervised disentangled representation learning", eq. 7); of a team's member its share. The Gaussian is that of
 * the set's own mean and biased variance; or, where there are `parameters` with one sample a set, that whose means are
 * their first rows and whose log standard deviations the next. With a tape, stores the gradients of w and `parameters`.
 */
export function setLoss(context: Context, w: Tensor, batch: SetBatch, parameters?: Tensor): number {
  const { kernels } = context.engine;
  const { members, sets } = batch;
  const scale = 1 / (batch.batch * members * w.channels);
  const shared = [w.pointer, w.channelStride, w.gradient] as const;
  const total = parameters
    ? kernels.setPredictedLoss(
        ...shared,
        parameters.pointer,
        parameters.channelStride,
        parameters.gradient,
        members,
        w.channels,
        sets,
        w.inner,
        parameters.inner,
        scale,
      )
    : kernels.setGaussianLoss(...shared, members, w.channels, sets, w.inner, VARIANCE_FLOOR, scale);
  if (w.hasGradient) w.markGradientWritten();
  if (parameters?.hasGradient) parameters.markGradientWritten();
  return total * scale;
}

import type { Context } from "../../engine/context.js";
import type { Tensor } from "../../engine/tensor.js";
import type { BoundTerms } from "./network.js";
import { aggregatePosterior } from "./posterior.js";

/**
 * The weights (a, b, c, d) of the objective a E log p(x|z) - b I(x; z) - c TC(z) - d sum_i KL(q(z_i) || p(z_i|u)): mutual
 * information between data and codes, total correlation of the codes, and what their marginals differ from the prior
 * by (Chen et al. 2018). All 1 give the evidence lower bound, b = c = d that of beta-VAE.
 */
export interface ObjectiveWeights {
  readonly reconstruction: number;
  readonly information: number;
  readonly correlation: number;
  readonly dimensions: number;
}

/** Whether the objective needs more than each sample by itself: the posteriors of the whole batch. */
export const needsAggregate = ({ information, correlation, dimensions }: ObjectiveWeights): boolean =>
  information !== correlation || correlation !== dimensions;

/** The weights where the divergences count for `share` of what they will. */
export const annealed = (weights: ObjectiveWeights, share: number): ObjectiveWeights => ({
  reconstruction: weights.reconstruction,
  information: share * weights.information,
  correlation: share * weights.correlation,
  dimensions: share * weights.dimensions,
});

/** The sum over a batch of the evidence lower bounds, in nats. */
export function sumOfBounds({ engine }: Context, { observation, prior, entropy }: BoundTerms): number {
  const samples = observation.samples;
  const [p, q, r] = [observation, prior, entropy].map(({ pointer }) =>
    engine.memory.floats(pointer, samples),
  );
  let total = 0;
  for (let b = 0; b < samples; b++) total += p[b] + q[b] - r[b];
  return total;
}

/**
 * Stores the gradients of minus the weighted objective times `scale`, summed over the samples. With log q(z) for that of
 * all data together, the objective is a log p(x|z) - b (log q(z|x,u) - log q(z)) - c (log q(z) - sum_i log q(z_i))
 * - d (sum_i log q(z_i) - log p(z|u)).
 */
export function differentiateObjective(
  context: Context,
  { posterior, z, observation, prior, entropy }: BoundTerms,
  { reconstruction, information, correlation, dimensions }: ObjectiveWeights,
  scale: number,
): void {
  fillGradient(context, observation, -scale * reconstruction);
  fillGradient(context, prior, -scale * dimensions);
  fillGradient(context, entropy, scale * information);
  if (information === correlation && correlation === dimensions) return;
  const joint = scale * (correlation - information);
  const marginals = scale * (dimensions - correlation);
  aggregatePosterior(context, posterior, z, { joint, marginals });
}

/** The same gradient for every sample, and none for the spare lanes. */
function fillGradient({ engine }: Context, density: Tensor, value: number): void {
  engine.memory
    .floats(density.gradient, density.inner)
    .fill(value, 0, density.samples)
    .fill(0, density.samples);
  density.markGradientWritten();
}

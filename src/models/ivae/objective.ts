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

/** The logs of p(x|z)^a (p(z|u) / q(z|x,u))^b of each sample, in nats. */
function logWeights(
  { engine }: Context,
  { observation, prior, entropy }: BoundTerms,
  a = 1,
  b = 1,
): Float64Array {
  const [p, q, r] = [observation, prior, entropy].map(({ pointer }) =>
    engine.memory.floats(pointer, observation.samples),
  );
  return Float64Array.from(p, (value, sample) => a * value + b * (q[sample] - r[sample]));
}

/**
 * The sum over a batch of the bounds, in nats, of which every code gave the terms of one: with weights w_k at K codes the
 * log of their mean, which is the evidence lower bound for K = 1 and nears log p(x|u) as K grows (Burda et al. 2016).
 */
export function sumOfBounds(context: Context, codes: readonly BoundTerms[]): number {
  const { largest, sums } = logSumExp(codes.map((terms) => logWeights(context, terms)));
  return largest.reduce((total, most, b) => total + most + Math.log(sums[b] / codes.length), 0);
}

/** The logs of sums of exponentials over the rows, as the largest of each column and the sum divided by its exponential. */
function logSumExp(rows: readonly Float64Array[]): { largest: Float64Array; sums: Float64Array } {
  const largest = rows[0].map((_, b) => Math.max(...rows.map((row) => row[b])));
  const sums = largest.map((most, b) => rows.reduce((sum, row) => sum + Math.exp(row[b] - most), 0));
  return { largest, sums };
}

/**
 * Stores the gradients of minus the weighted objective times `scale`, summed over the samples. With log q(z) for that of
 * all data together, the objective is a log p(x|z) - b (log q(z|x,u) - log q(z)) - c (log q(z) - sum_i log q(z_i))
 * - d (sum_i log q(z_i) - log p(z|u)). At several codes a sample it is the log of the mean of their weights, to which each
 * contributes by its share; b, c and d are the same then.
 */
export function differentiateObjective(
  context: Context,
  codes: readonly BoundTerms[],
  { reconstruction, information, correlation, dimensions }: ObjectiveWeights,
  scale: number,
): void {
  const shares = sharesOf(context, codes, reconstruction, dimensions);
  codes.forEach(({ observation, prior, entropy }, k) => {
    fillGradient(context, observation, -scale * reconstruction, shares[k]);
    fillGradient(context, prior, -scale * dimensions, shares[k]);
    fillGradient(context, entropy, scale * information, shares[k]);
  });
  if (information === correlation && correlation === dimensions) return;
  const joint = scale * (correlation - information);
  const marginals = scale * (dimensions - correlation);
  const [{ posterior, z }] = codes;
  aggregatePosterior(context, posterior, z, { joint, marginals });
}

/** The part that each code has in the sum of its sample's weights; undefined for a single one, whose part is 1. */
function sharesOf(
  context: Context,
  codes: readonly BoundTerms[],
  a: number,
  b: number,
): (Float64Array | undefined)[] {
  if (codes.length === 1) return [undefined];
  const rows = codes.map((terms) => logWeights(context, terms, a, b));
  const { largest, sums } = logSumExp(rows);
  return rows.map((row) => row.map((value, sample) => Math.exp(value - largest[sample]) / sums[sample]));
}

/** The same gradient for every sample, times its factor where there are some, and none for the spare lanes. */
function fillGradient(
  { engine }: Context,
  density: Tensor,
  value: number,
  factors: Float64Array | undefined,
): void {
  const { samples } = density;
  const gradient = engine.memory.floats(density.gradient, density.inner);
  gradient.fill(value, 0, samples).fill(0, samples);
  factors?.forEach((factor, b) => {
    gradient[b] *= factor;
  });
  density.markGradientWritten();
}

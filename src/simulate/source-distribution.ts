import type { Random } from "../engine/random.js";

export const SOURCE_DISTRIBUTIONS = ["gaussian", "laplace"] as const;
export type SourceDistribution = (typeof SOURCE_DISTRIBUTIONS)[number];

/** Draws of mean 0 and variance 1. */
export function sourceDrawing(distribution: SourceDistribution, random: Random): () => number {
  if (distribution === "gaussian") return () => random.normal();
  return () => {
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return (-sign * Math.log(1 - random.uniform())) / Math.SQRT2;
  };
}

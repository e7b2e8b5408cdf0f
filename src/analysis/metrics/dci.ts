import type { LatentRegression } from "./regression.js";

/** How evenly importance spreads over the other side; 1 is a match of one to one. */
export interface Disentanglement {
  /** How far each latent serves one true component only, weighted by importance. */
  readonly disentanglement: number;
  /** How far each true component is served by one latent only, weighted by importance. */
  readonly completeness: number;
  /** Of each latent; null where it serves none. Shape [d]. */
  readonly byLatent: (number | null)[];
  /** Of each true component; null where no latent serves it. Shape [n]. */
  readonly byComponent: (number | null)[];
  /** Importance of every latent for every true component. Shape [n][d]. */
  readonly importance: number[][];
}

/**
 * Disentanglement and completeness (Eastwood and Williams, "A framework for the quantitative evaluation of disentangled
 * representations", ICLR 2018): with R_ij the importance of latent j for component i,
 *   D_j = 1 - H(R_.j / sum_i R_ij) / log n,  C_i = 1 - H(R_i. / sum_j R_ij) / log d,  H the entropy,
 * and their means weighted by the sums. R_ij is the squared coefficient of the least-squares regression of standardised
 * components on standardised latents: of independent latents the share of the component's variance that each explains.
 * The coefficients themselves, as the paper has them from the lasso, would let hundreds of latents that contribute
 * nothing but sampling noise look important together. Of a single component (latent), D (C) is 1. Both are null where
 * nothing is important for anything.
 */
export function disentanglement({
  components: n,
  latents: d,
  coefficients,
}: LatentRegression): Disentanglement | null {
  const importance = Array.from({ length: n }, (_, i) =>
    Array.from(coefficients.subarray(i * d, (i + 1) * d), (value) => value * value),
  );
  const ofLatent = Array.from({ length: d }, (_, j) => importance.map((row) => row[j]));
  const total = sum(importance.map(sum));
  if (!(total > 0)) return null;
  const byLatent = ofLatent.map(concentration);
  const byComponent = importance.map(concentration);
  const weighted = (values: readonly (number | null)[], lines: readonly (readonly number[])[]) =>
    sum(values.map((value, k) => (value ?? 0) * sum(lines[k]))) / total;
  return {
    disentanglement: weighted(byLatent, ofLatent),
    completeness: weighted(byComponent, importance),
    byLatent,
    byComponent,
    importance,
  };
}

/** 1 - entropy / log(length) of values that are made to sum to 1; null where all are 0. */
function concentration(values: readonly number[]): number | null {
  const total = sum(values);
  if (!(total > 0)) return null;
  if (values.length === 1) return 1;
  const entropy = -sum(values.map((value) => (value > 0 ? (value / total) * Math.log(value / total) : 0)));
  return 1 - entropy / Math.log(values.length);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

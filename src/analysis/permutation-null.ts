import { Random } from "../engine/random.js";
import { normalQuantile } from "./normal-quantile.js";

/** What estimates of mutual information come to where there is none. */
export interface NullLevel {
  /** The noise floor, in nats: with probability `quantile` not one of `latents` independent latents exceeds it. */
  readonly level: number;
  /** Standard deviation of the estimate of one independent latent, in nats. */
  readonly deviation: number;
  readonly quantile: number;
  /** Latents that are looked at together. */
  readonly latents: number;
  readonly permutations: number;
}

/**
 * The noise floor of `MutualInformation`, from estimates with shuffled labels.
 *
 * One floor serves all latents. Under shuffled labels the neighbours of a sample, in the order of their distance, have
 * labels in random order, whatever the distances are. So the number m of samples up to the k-th of the own class has
 * the same distribution for every latent, with E psi(m) = psi(N) + psi(k) - psi(N_u): the estimate, before it is cut at
 * 0, has mean 0 exactly. Only its spread depends on the latent, through how neighbourhoods overlap, and little: a few
 * percent between evenly spread, clustered, heavy-tailed and rounded values. It is measured on the latents themselves,
 * a share of the permutations on each, as the root mean square about 0. The estimate is a mean of many local terms and
 * nearly normal, so the quantile of the largest of d is a normal one.
 */
export class PermutationNull {
  readonly #labels: Int32Array;
  readonly #random: Random;
  #squares = 0;
  #permutations = 0;

  /** @param labels labels of the samples that take part. */
  constructor(labels: Int32Array, seed: number) {
    this.#labels = labels.slice();
    this.#random = new Random(seed, "permutation null");
  }

  /** Adds one permutation: `estimate` gives the mutual information, not cut at 0, with these labels. */
  add(estimate: (labels: Int32Array) => number): void {
    const labels = this.#labels;
    for (let last = labels.length - 1; last > 0; last--) {
      const other = this.#random.integer(last + 1);
      const moved = labels[last];
      labels[last] = labels[other];
      labels[other] = moved;
    }
    this.#squares += estimate(labels) ** 2;
    this.#permutations++;
  }

  /** The floor for the largest of so many latents. */
  level(latents: number, quantile: number): NullLevel {
    const permutations = this.#permutations;
    const deviation = Math.sqrt(this.#squares / permutations);
    const level = deviation * normalQuantile(quantile ** (1 / latents));
    return { level, deviation, quantile, latents, permutations };
  }
}

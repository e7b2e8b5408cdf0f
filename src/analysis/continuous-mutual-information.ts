import { InputError } from "../errors.js";
import { digammaTable } from "./digamma.js";
import { finiteColumn, type MutualInformationOptions, neighboursOf } from "./mutual-information.js";
import { PlaneTree } from "./plane-tree.js";
import { scaledWithoutTies, tieBreakingNoise } from "./tie-breaking.js";

/**
 * I(w; u) in nats between two continuous scalars, by the first estimator of Kraskov, Stoegbauer and Grassberger
 * ("Estimating mutual information", Phys. Rev. E 69, 2004, eq. 8):
 *   I = psi(N) + psi(k) - mean(psi(n_w + 1) + psi(n_u + 1)),  not below 0,
 * where n_w and n_u count the other samples whose w, or u, lies nearer than the k-th neighbour in the plane by the
 * larger of both differences. As in scikit-learn's `mutual_info_regression`, both are scaled to unit standard
 * deviation, and noise of 1e-10 breaks ties. O(N log N).
 *
 * @param values shape [samples].
 * @param condition value of u for each sample. Shape [samples].
 * @throws InputError when the lengths differ, a value is not finite, or there are no more samples than neighbours.
 */
export function mutualInformationContinuous(
  values: ArrayLike<number>,
  condition: ArrayLike<number>,
  options: MutualInformationOptions = {},
): number {
  if (condition.length !== values.length) {
    throw new InputError(`The condition has ${condition.length} values for ${values.length} samples.`);
  }
  const estimator = new ContinuousMutualInformation(condition, options);
  return Math.max(0, estimator.sort(values).estimate(estimator.labels));
}

/** The same estimator for many columns of values, and for a condition whose values are shuffled. */
export class ContinuousMutualInformation {
  /** The samples in their order; in another order their conditions are shuffled. */
  readonly labels: Int32Array;
  readonly #condition: Float64Array;
  readonly #sorted: Float64Array;
  readonly #digamma: Float64Array;
  readonly #neighbours: number;
  readonly #seed: number;

  constructor(condition: ArrayLike<number>, options: MutualInformationOptions = {}) {
    const { seed = 0 } = options;
    const samples = condition.length;
    const k = neighboursOf(options);
    if (samples <= k) {
      throw new InputError(`${k} neighbours need at least ${k + 1} samples; got ${samples}.`);
    }
    const noise = tieBreakingNoise(samples, seed, "mutual information, condition");
    this.#condition = scaledWithoutTies(finiteColumn(condition, "The values of the condition"), noise);
    this.#sorted = this.#condition.toSorted();
    this.#digamma = digammaTable(samples);
    this.#neighbours = k;
    this.#seed = seed;
    this.labels = Int32Array.from({ length: samples }, (_, n) => n);
  }

  /** A column of values; `estimate` gives its mutual information, not cut at 0, with the conditions in an order. */
  sort(values: ArrayLike<number>): { readonly estimate: (order: Int32Array) => number } {
    const samples = this.labels.length;
    if (values.length !== samples) {
      throw new InputError(`Expected ${samples} values, one for each condition; got ${values.length}.`);
    }
    const noise = tieBreakingNoise(samples, this.#seed, "mutual information");
    const w = scaledWithoutTies(finiteColumn(values, "The values"), noise);
    const sortedW = w.toSorted();
    return { estimate: (order) => this.#estimate(w, sortedW, order) };
  }

  #estimate(w: Float64Array, sortedW: Float64Array, order: Int32Array): number {
    const u = Float64Array.from(order, (n) => this.#condition[n]);
    const [digamma, k, sortedU] = [this.#digamma, this.#neighbours, this.#sorted];
    const tree = new PlaneTree(w, u);
    let sum = 0;
    for (let n = 0; n < w.length; n++) {
      // The sample itself is its nearest.
      const radius = tree.distance(w[n], u[n], k + 1);
      sum += digamma[countNearer(sortedW, w[n], radius)] + digamma[countNearer(sortedU, u[n], radius)];
    }
    return digamma[w.length] + digamma[k] - sum / w.length;
  }
}

/** How many sorted values, x itself included, are nearer to x than the radius; equal ones where it is 0. */
function countNearer(sorted: Float64Array, x: number, radius: number): number {
  const isNearer = (difference: number) => (radius > 0 ? difference < radius : difference <= 0);
  const first = firstPlace(sorted, (value) => value >= x || isNearer(x - value));
  return firstPlace(sorted, (value) => value > x && !isNearer(value - x)) - first;
}

/** The first place of a sorted array from which on a condition holds. */
function firstPlace(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
}

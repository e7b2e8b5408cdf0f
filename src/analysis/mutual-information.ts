import { InputError } from "../errors.js";
import { digammaTable } from "./digamma.js";
import { sumOverNeighbourCounts } from "./neighbour-counts.js";
import { checkLabels, checkSampleMatrix, columns, type SampleMatrix } from "./sample-matrix.js";
import { Sorter } from "./sorted-order.js";
import { scaledWithoutTies, tieBreakingNoise } from "./tie-breaking.js";

/** How mutual information is estimated. */
export interface MutualInformationOptions {
  /** Neighbours k. More lower the spread of the estimate and raise its bias. Default 3. */
  readonly neighbours?: number | undefined;
  /** Seed of the noise that breaks ties. Default 0. */
  readonly seed?: number | undefined;
}

/**
 * I(w; u) in nats between a continuous scalar and a class, by the nearest-neighbour estimator of Ross ("Mutual
 * information between discrete and continuous data sets", PLoS ONE 9(2), 2014):
 *   I = psi(N) + mean psi(k) - mean psi(N_u) - mean psi(m),  not below 0,
 * where N_u is the size of a sample's class and m counts the samples, itself included, that lie nearer than its k-th
 * neighbour within the class. As in scikit-learn's `mutual_info_classif`, the column is scaled to unit standard
 * deviation, noise of 1e-10 breaks ties, a class of at most k samples lowers k for its samples, and classes of one
 * sample do not take part. O(N log N).
 *
 * @param values shape [samples].
 * @param labels class index of each sample, from 0. Shape [samples].
 * @throws InputError when shapes or labels do not fit, a value is not finite, or no class has two samples.
 */
export function mutualInformation(
  values: ArrayLike<number>,
  labels: Int32Array,
  options: MutualInformationOptions = {},
): number {
  const own = finiteColumn(values, "The values");
  checkLabels(labels, own.length, Number.POSITIVE_INFINITY);
  const estimator = new MutualInformation(labels, options);
  return Math.max(0, estimator.estimate(own));
}

/**
 * I(w_i; u) of every latent, as `mutualInformation` gives it. Shape [d].
 *
 * @param latents shape [samples][d].
 * @param labels class index of each sample. Shape [samples].
 * @throws InputError as `mutualInformation` does.
 */
export function mutualInformations(
  latents: SampleMatrix,
  labels: Int32Array,
  options: MutualInformationOptions = {},
): Float64Array {
  checkSampleMatrix(latents, "The latents");
  checkLabels(labels, latents.samples, Number.POSITIVE_INFINITY);
  const estimator = new MutualInformation(labels, options);
  const estimates = new Float64Array(latents.width);
  let latent = 0;
  for (const values of columns(latents, "The latents")) {
    estimates[latent++] = Math.max(0, estimator.estimate(values));
  }
  return estimates;
}

/** The estimator of `mutualInformation` made ready for labels, to be used on many columns and shuffled labels. */
export class MutualInformation {
  /** Samples of classes with at least two. */
  readonly #kept: Uint32Array;
  /** Their labels. */
  readonly labels: Int32Array;
  /** Where each class starts among the kept samples, grouped by class; the last entry is their number. */
  readonly #starts: Uint32Array;
  readonly #neighbours: number;
  readonly #noise: Float64Array;
  readonly #digamma: Float64Array;
  /** The terms that do not depend on the values: psi(N) + mean psi(k) - mean psi(N_u). */
  readonly #constant: number;
  readonly #sorter: Sorter;
  readonly #sorted: Float64Array;
  readonly #own: Float64Array;
  readonly #places: Uint32Array;

  constructor(labels: Int32Array, options: MutualInformationOptions = {}) {
    const { seed = 0 } = options;
    const neighbours = neighboursOf(options);
    const counts = countLabels(labels);
    const kept = Uint32Array.from(labels.keys()).filter((sample) => counts[labels[sample]] > 1);
    if (kept.length === 0) {
      throw new InputError("Mutual information needs a class with at least two samples; there is none.");
    }
    this.#neighbours = neighbours;
    this.#kept = kept;
    this.labels = Int32Array.from(kept, (sample) => labels[sample]);
    this.#noise = tieBreakingNoise(labels.length, seed, "mutual information");
    this.#digamma = digammaTable(kept.length);
    this.#starts = new Uint32Array(counts.length + 1);
    let constant = this.#digamma[kept.length];
    for (let u = 0; u < counts.length; u++) {
      const count = counts[u] > 1 ? counts[u] : 0;
      this.#starts[u + 1] = this.#starts[u] + count;
      const terms = this.#digamma[Math.min(neighbours, count - 1)] - this.#digamma[count];
      if (count > 0) constant += (count / kept.length) * terms;
    }
    this.#constant = constant;
    this.#sorter = new Sorter(kept.length);
    this.#sorted = new Float64Array(kept.length);
    this.#own = new Float64Array(kept.length);
    this.#places = new Uint32Array(kept.length);
  }

  /** The estimate, which may fall below 0. Scales `values`, finite numbers of shape [samples], in place. */
  estimate(values: Float64Array): number {
    return this.sort(values).estimate(this.labels);
  }

  /** A column in ascending order, on which labels can be shuffled. Valid until the next call. */
  sort(values: Float64Array): { readonly estimate: (labels: Int32Array) => number } {
    scaledWithoutTies(values, this.#noise);
    const own =
      this.#kept.length === values.length ? values : Float64Array.from(this.#kept, (n) => values[n]);
    const order = this.#sorter.order(own);
    for (let rank = 0; rank < order.length; rank++) this.#sorted[rank] = own[order[rank]];
    return { estimate: (labels) => this.#estimate(order, labels) };
  }

  #estimate(order: Uint32Array, labels: Int32Array): number {
    const [values, own, places] = [this.#sorted, this.#own, this.#places];
    const next = this.#starts.slice();
    for (let rank = 0; rank < order.length; rank++) {
      const entry = next[labels[order[rank]]]++;
      own[entry] = values[rank];
      places[entry] = rank;
    }
    let sum = 0;
    for (let u = 0; u + 1 < this.#starts.length; u++) {
      const [from, to] = [this.#starts[u], this.#starts[u + 1]];
      if (from === to) continue;
      const members = { values, own, places, from, to };
      sum += sumOverNeighbourCounts(members, Math.min(this.#neighbours, to - from - 1), this.#digamma);
    }
    return this.#constant - sum / order.length;
  }
}

/** The number of neighbours. Throws InputError unless it is a whole number from 1. */
export function neighboursOf({ neighbours = 3 }: MutualInformationOptions): number {
  if (Number.isInteger(neighbours) && neighbours >= 1) return neighbours;
  throw new InputError(`The number of neighbours must be a whole number from 1; got ${neighbours}.`);
}

/** A copy in double precision. Throws InputError at the first value that is not finite. */
export function finiteColumn(values: ArrayLike<number>, name: string): Float64Array {
  const own = Float64Array.from(values);
  const wrong = own.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return own;
  throw new InputError(`${name} hold ${own[wrong]} in row ${wrong}; every value must be finite.`);
}

function countLabels(labels: Int32Array): Uint32Array {
  const counts = new Uint32Array(labels.reduce((largest, label) => Math.max(largest, label), -1) + 1);
  for (const label of labels) counts[label]++;
  return counts;
}

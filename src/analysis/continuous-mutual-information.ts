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
  const { seed = 0 } = options;
  const k = neighboursOf(options);
  const samples = values.length;
  if (condition.length !== samples) {
    throw new InputError(`The condition has ${condition.length} values for ${samples} samples.`);
  }
  if (samples <= k) {
    throw new InputError(`${k} neighbours need at least ${k + 1} samples; got ${samples}.`);
  }
  const scaled = (column: ArrayLike<number>, name: string, purpose: string) =>
    scaledWithoutTies(finiteColumn(column, name), tieBreakingNoise(samples, seed, purpose));
  const w = scaled(values, "The values", "mutual information");
  const u = scaled(condition, "The values of the condition", "mutual information, condition");

  const digamma = digammaTable(samples);
  const tree = new PlaneTree(w, u);
  const [sortedW, sortedU] = [w.toSorted(), u.toSorted()];
  let sum = 0;
  for (let n = 0; n < samples; n++) {
    // The sample itself is its nearest.
    const radius = tree.distance(w[n], u[n], k + 1);
    sum += digamma[countNearer(sortedW, w[n], radius)] + digamma[countNearer(sortedU, u[n], radius)];
  }
  return Math.max(0, digamma[samples] + digamma[k] - sum / samples);
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

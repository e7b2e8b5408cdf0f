import { Random } from "../engine/random.js";
import { InputError } from "../errors.js";
import type { SampleMatrix } from "./sample-matrix.js";

/** Clusters of samples, each a Gaussian with a diagonal covariance. */
export interface GaussianClusters {
  /** The most probable cluster of each sample; clusters are in descending order of size. Shape [samples]. */
  readonly assignment: Int32Array;
  /** Share of the samples in each. Shape [clusters]. */
  readonly shares: readonly number[];
  /**
   * Mean log-likelihood of a sample in nats, above that of a single Gaussian: how much the division explains. Not
   * below 0 for more than one cluster, up to rounding.
   */
  readonly gain: number;
}

/** Starts of which the likeliest end is kept, and iterations at most. */
const STARTS = 8;
const ITERATIONS = 200;
const CONVERGED = 1e-6;
/** Variances stay above this part of a column's. */
const VARIANCE_FLOOR = 1e-3;

/**
 * Divides samples into clusters by a mixture of Gaussians with diagonal covariances, fitted by expectation maximisation
 * from several starts of k-means++ (Arthur and Vassilvitskii 2007). Columns are standardised first, so that none counts
 * more for its scale.
 *
 * @param samples shape [samples][d].
 * @throws InputError where there are fewer samples than two a cluster.
 */
export function gaussianClusters(
  { values, samples, width }: SampleMatrix,
  clusters: number,
  seed = 0,
): GaussianClusters {
  if (samples < 2 * clusters) {
    throw new InputError(`${clusters} clusters need at least ${2 * clusters} samples; got ${samples}.`);
  }
  const points = standardise(values, samples, width);
  const alone = new Mixture(points, samples, width, 1);
  alone.maximise();
  const single = alone.expect();
  const random = new Random(seed, "gaussian clusters");
  let best: { likelihood: number; mixture: Mixture } | undefined;
  for (let start = 0; start < STARTS; start++) {
    const mixture = new Mixture(points, samples, width, clusters);
    mixture.start(random);
    let likelihood = Number.NEGATIVE_INFINITY;
    for (let iteration = 0; iteration < ITERATIONS; iteration++) {
      mixture.maximise();
      const next = mixture.expect();
      const isDone = next - likelihood < CONVERGED;
      likelihood = next;
      if (isDone) break;
    }
    if (!best || likelihood > best.likelihood) best = { likelihood, mixture };
  }
  const { mixture, likelihood } = best as { likelihood: number; mixture: Mixture };
  return { ...ordered(mixture.assignment(), clusters), gain: likelihood - single };
}

function standardise(values: Float32Array, samples: number, width: number): Float64Array {
  const points = new Float64Array(samples * width);
  for (let i = 0; i < width; i++) {
    let [mean, squares] = [0, 0];
    for (let n = 0; n < samples; n++) mean += values[n * width + i] / samples;
    for (let n = 0; n < samples; n++) squares += (values[n * width + i] - mean) ** 2 / samples;
    const scale = squares > 0 ? Math.sqrt(squares) : 1;
    for (let n = 0; n < samples; n++) points[n * width + i] = (values[n * width + i] - mean) / scale;
  }
  return points;
}

/** Clusters renumbered in descending order of size. */
function ordered(assignment: Int32Array, clusters: number): Omit<GaussianClusters, "gain"> {
  const counts = new Float64Array(clusters);
  for (const cluster of assignment) counts[cluster]++;
  const order = Array.from(counts, (_, cluster) => cluster).sort((a, b) => counts[b] - counts[a] || a - b);
  return {
    assignment: assignment.map((cluster) => order.indexOf(cluster)),
    shares: order.map((cluster) => counts[cluster] / assignment.length),
  };
}

/** A mixture in the course of its fit. */
class Mixture {
  private readonly means: Float64Array;
  private readonly variances: Float64Array;
  private readonly weights: Float64Array;
  /** [sample][cluster]. */
  private readonly posteriors: Float64Array;

  constructor(
    private readonly points: Float64Array,
    private readonly samples: number,
    private readonly width: number,
    private readonly clusters: number,
  ) {
    this.means = new Float64Array(clusters * width);
    this.variances = new Float64Array(clusters * width);
    this.weights = new Float64Array(clusters);
    this.posteriors = new Float64Array(samples * clusters).fill(1 / clusters);
  }

  /** Assigns each sample to the nearest of centres that are drawn far from one another. */
  start(random: Random): void {
    const { points, samples, width, clusters, posteriors } = this;
    const nearest = new Float64Array(samples).fill(Number.POSITIVE_INFINITY);
    const own = new Int32Array(samples);
    for (let c = 0; c < clusters; c++) {
      const centre = c === 0 ? random.integer(samples) : drawn(nearest, random);
      for (let n = 0; n < samples; n++) {
        let distance = 0;
        for (let i = 0; i < width; i++) distance += (points[n * width + i] - points[centre * width + i]) ** 2;
        if (distance < nearest[n]) [nearest[n], own[n]] = [distance, c];
      }
    }
    posteriors.fill(0);
    for (let n = 0; n < samples; n++) posteriors[n * clusters + own[n]] = 1;
  }

  /** Means, variances and weights that are likeliest under the posteriors. */
  maximise(): void {
    const { points, samples, width, clusters, means, variances, weights, posteriors } = this;
    means.fill(0);
    variances.fill(0);
    weights.fill(0);
    for (let n = 0; n < samples; n++) {
      for (let c = 0; c < clusters; c++) {
        const share = posteriors[n * clusters + c];
        weights[c] += share;
        for (let i = 0; i < width; i++) {
          const value = points[n * width + i];
          means[c * width + i] += share * value;
          variances[c * width + i] += share * value * value;
        }
      }
    }
    for (let c = 0; c < clusters; c++) {
      const total = Math.max(weights[c], 1e-12);
      for (let k = c * width; k < (c + 1) * width; k++) {
        means[k] /= total;
        variances[k] = Math.max(variances[k] / total - means[k] ** 2, VARIANCE_FLOOR);
      }
      weights[c] /= samples;
    }
  }

  /** Posteriors of the clusters; returns the mean log-likelihood. */
  expect(): number {
    const { points, samples, width, clusters, means, variances, weights, posteriors } = this;
    const constants = Float64Array.from(weights, (weight, c) => {
      let sum = Math.log(Math.max(weight, 1e-300));
      for (let i = 0; i < width; i++) sum -= 0.5 * Math.log(2 * Math.PI * variances[c * width + i]);
      return sum;
    });
    let total = 0;
    for (let n = 0; n < samples; n++) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < clusters; c++) {
        let log = constants[c];
        for (let i = 0; i < width; i++) {
          log -= (points[n * width + i] - means[c * width + i]) ** 2 / (2 * variances[c * width + i]);
        }
        posteriors[n * clusters + c] = log;
        largest = Math.max(largest, log);
      }
      let sum = 0;
      for (let c = 0; c < clusters; c++) sum += Math.exp(posteriors[n * clusters + c] - largest);
      for (let c = 0; c < clusters; c++) {
        posteriors[n * clusters + c] = Math.exp(posteriors[n * clusters + c] - largest) / sum;
      }
      total += largest + Math.log(sum);
    }
    return total / samples;
  }

  assignment(): Int32Array {
    const { samples, clusters, posteriors } = this;
    return Int32Array.from({ length: samples }, (_, n) => {
      const own = posteriors.subarray(n * clusters, (n + 1) * clusters);
      return own.indexOf(Math.max(...own));
    });
  }
}

/** A position drawn in proportion to its weight. */
function drawn(weights: Float64Array, random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}

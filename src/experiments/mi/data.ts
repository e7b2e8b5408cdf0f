import type { ConditionalGaussian, SampleMatrix } from "../../analysis/index.js";
import { type ConditionedDataset, withCondition } from "../../data/check.js";
import { selectSamples } from "../../data/split.js";
import { Random } from "../../engine/random.js";
import { type MixtureStatistics, simulateMixture } from "../../simulate/mixture.js";

/** Means and standard deviations of the five clusters: MI paper, eq. 16. */
export const CLUSTERS: MixtureStatistics = {
  means: [
    [2.924, 4.1936],
    [-3.8942, -3.7325],
    [-4.1159, 4.1676],
    [4.3792, 2.9258],
    [4.4143, -4.9151],
  ],
  deviations: [
    [1.7167, 1.717],
    [2.5244, 2.793],
    [0.8198, 2.8419],
    [2.3446, 1.5909],
    [0.9897, 0.9298],
  ],
};

/** The two clusters of outliers: eq. 17. */
export const OUTLIERS: MixtureStatistics = {
  means: [
    [-20, 20],
    [20, 0],
  ],
  deviations: [
    [1.34, 1.35],
    [1.21, 0.96],
  ],
};

export const CLASSES = CLUSTERS.means.length;
export const FEATURES = 10;
export const INFORMATIVE = 2;

/** Samples with all their true latents, the informative ones first. */
export interface KnownSamples {
  readonly dataset: ConditionedDataset;
  /** Shape [samples][10]. */
  readonly latents: SampleMatrix;
}

/** What a trial is made from: parts of one sample of the mixture, and outliers in the same mixing. */
export interface TrialData {
  readonly training: KnownSamples;
  readonly selection: KnownSamples;
  readonly test: KnownSamples;
  readonly outliers: SampleMatrix;
  readonly outlierLatents: SampleMatrix;
}

/** Data of a seed: `samples` to train on, and `fresh` each to select latents on, to test on, and of outliers. */
export function trialData(samples: number, fresh: number, noise: number, seed: number): TrialData {
  const total = samples + 2 * fresh;
  const mixture = simulateMixture({ classes: CLASSES, samples: total, noise, seed, ...CLUSTERS });
  const part = (from: number, to: number): KnownSamples => {
    const indices = Int32Array.from({ length: to - from }, (_, k) => from + k);
    const latents = new Float32Array(indices.length * FEATURES);
    indices.forEach((sample, row) => {
      latents.set(mixture.truth.subarray(sample * INFORMATIVE, (sample + 1) * INFORMATIVE), row * FEATURES);
      const rest = FEATURES - INFORMATIVE;
      latents.set(mixture.noise.subarray(sample * rest, (sample + 1) * rest), row * FEATURES + INFORMATIVE);
    });
    return {
      dataset: withCondition(selectSamples(mixture.dataset, indices)),
      latents: { values: latents, samples: indices.length, width: FEATURES },
    };
  };
  const far = drawOutliers(fresh, noise, seed);
  return {
    training: part(0, samples),
    selection: part(samples, samples + fresh),
    test: part(samples + fresh, total),
    outlierLatents: far,
    outliers: { ...far, values: mixture.mix(far.values) },
  };
}

/** Latents of outliers: either of the two far clusters, alike often, and the same noise as the others. */
function drawOutliers(samples: number, noise: number, seed: number): SampleMatrix {
  const random = new Random(seed, "outliers");
  const values = new Float32Array(samples * FEATURES);
  for (let sample = 0; sample < samples; sample++) {
    const cluster = random.integer(OUTLIERS.means.length);
    for (let i = 0; i < FEATURES; i++) {
      const informative = i < INFORMATIVE;
      const mean = informative ? OUTLIERS.means[cluster][i] : 0;
      const deviation = informative ? OUTLIERS.deviations[cluster][i] : noise;
      values[sample * FEATURES + i] = mean + deviation * random.normal();
    }
  }
  return { values, samples, width: FEATURES };
}

/** p(z|u) of the informative latents. */
export const trueDistribution: ConditionalGaussian = {
  classes: CLUSTERS.means.map((_, u) => String(u)),
  mean: Float32Array.from(CLUSTERS.means.flat()),
  sigma: Float32Array.from(CLUSTERS.deviations.flat()),
};

/** Some columns of a matrix. */
export function columns({ values, samples, width }: SampleMatrix, chosen: readonly number[]): SampleMatrix {
  const taken = Float32Array.from({ length: samples * chosen.length }, (_, k) => {
    return values[Math.floor(k / chosen.length) * width + chosen[k % chosen.length]];
  });
  return { values: taken, samples, width: chosen.length };
}

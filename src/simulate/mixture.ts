import type { ConditionedDataset } from "../data/check.js";
import { sharedFloat32 } from "../data/dataset.js";
import { Random } from "../engine/random.js";
import { randomMixing } from "./mixing.js";

export interface MixtureOptions {
  readonly classes: number;
  readonly samples: number;
  /** Standard deviation of the uninformative dimensions. */
  readonly noise?: number;
  readonly seed?: number;
  /** Dimensions of the data. */
  readonly features?: number;
  /** Dimensions whose distribution depends on the class. */
  readonly informative?: number;
  /** Means and standard deviations, [class][informative]; drawn where absent. */
  readonly means?: readonly (readonly number[])[];
  readonly deviations?: readonly (readonly number[])[];
}

export interface Mixture {
  readonly dataset: ConditionedDataset;
  /** The informative latents, [sample][informative]. */
  readonly truth: Float32Array;
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly (readonly number[])[];
}

/**
 * The artificial data of GIN, section 4.3: Gaussian clusters in the informative dimensions (means uniform on
 * [-5, 5], standard deviations uniform on [0.5, 3], labels drawn uniformly), Gaussian noise in the others, mixed
 * by a RealNVP of 8 blocks in which every layer is drawn at random, its scales clamped as in the authors' code.
 */
export function simulateMixture(options: MixtureOptions): Mixture {
  const { classes, samples, noise = 0.01, seed = 0, features = 10, informative = 2 } = options;
  const statistics = new Random(seed, "mixture statistics");
  const table = (draw: () => number) =>
    Array.from({ length: classes }, () => Array.from({ length: informative }, draw));
  const means = options.means ?? table(() => -5 + 10 * statistics.uniform());
  const deviations = options.deviations ?? table(() => 0.5 + 2.5 * statistics.uniform());

  const draw = new Random(seed, "mixture samples");
  const mix = randomMixing(new Random(seed, "mixture mixing"), features, {
    blocks: 8,
    width: Math.max(10, features),
  });
  const data = sharedFloat32(samples * features);
  const truth = new Float32Array(samples * informative);
  const labels = new Int32Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const label = draw.integer(classes);
    labels[sample] = label;
    const latent = Float64Array.from({ length: features }, (_, dimension) =>
      dimension < informative
        ? means[label][dimension] + deviations[label][dimension] * draw.normal()
        : noise * draw.normal(),
    );
    truth.set(latent.subarray(0, informative), sample * informative);
    data.set(mix(latent), sample * features);
  }

  return {
    dataset: {
      name: "mixture",
      features: data,
      samples,
      width: features,
      featureNames: Array.from({ length: features }, (_, index) => `x${index + 1}`),
      condition: {
        name: "label",
        classes: Array.from({ length: classes }, (_, index) => String(index)),
        labels,
      },
    },
    truth,
    means,
    deviations,
  };
}

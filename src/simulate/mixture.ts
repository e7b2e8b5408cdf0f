import type { ConditionedDataset } from "../data/check.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
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

/** Means and standard deviations of the clusters in the informative dimensions, [class][informative]. */
export interface MixtureStatistics {
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly (readonly number[])[];
}

export interface Mixture extends MixtureStatistics {
  readonly dataset: ConditionedDataset;
  /** The informative latents, [sample][informative]. */
  readonly truth: Float32Array;
  /** The other latents, noise that does not depend on the class, [sample][features - informative]. */
  readonly noise: Float32Array;
  /** The mixing itself: data of any latents [sample][features], the informative ones first. */
  readonly mix: (latents: Float32Array) => Float32Array;
}

/** The statistics that `simulateMixture` draws: means uniform on [-5, 5], standard deviations uniform on [0.5, 3]. */
export function drawMixtureStatistics(classes: number, informative = 2, seed = 0): MixtureStatistics {
  const random = new Random(seed, "mixture statistics");
  const table = (draw: () => number) =>
    Array.from({ length: classes }, () => Array.from({ length: informative }, draw));
  return {
    means: table(() => -5 + 10 * random.uniform()),
    deviations: table(() => 0.5 + 2.5 * random.uniform()),
  };
}

/** Samples of a mixture, sample-major. */
export interface MixtureSamples {
  /** [sample][features]. */
  readonly features: Float32Array;
  /** The informative latents, [sample][informative]. */
  readonly truth: Float32Array;
  /** The other latents, noise that does not depend on the class, [sample][features - informative]. */
  readonly noise: Float32Array;
  readonly labels: Int32Array;
}

/** Draws the samples that {@link simulateMixture} returns at once, some at a time. */
export class MixtureSampler {
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly (readonly number[])[];
  readonly features: number;
  readonly informative: number;
  private readonly classes: number;
  private readonly noise: number;
  private readonly random: Random;
  private readonly mixOne: (latent: Float64Array) => Float64Array;

  constructor(options: Omit<MixtureOptions, "samples">) {
    const { classes, noise = 0.01, seed = 0, features = 10, informative = 2 } = options;
    const drawn = drawMixtureStatistics(classes, informative, seed);
    this.means = options.means ?? drawn.means;
    this.deviations = options.deviations ?? drawn.deviations;
    this.features = features;
    this.informative = informative;
    this.classes = classes;
    this.noise = noise;
    this.random = new Random(seed, "mixture samples");
    this.mixOne = randomMixing(new Random(seed, "mixture mixing"), features, {
      blocks: 8,
      width: Math.max(10, features),
    });
  }

  /** The next samples. */
  draw(samples: number): MixtureSamples {
    const { features, informative, random } = this;
    const data = sharedFloat32(samples * features);
    const truth = new Float32Array(samples * informative);
    const noise = new Float32Array(samples * (features - informative));
    const labels = new Int32Array(samples);
    const latent = new Float64Array(features);
    for (let sample = 0; sample < samples; sample++) {
      const label = random.integer(this.classes);
      labels[sample] = label;
      for (let dimension = 0; dimension < features; dimension++) {
        latent[dimension] =
          dimension < informative
            ? this.means[label][dimension] + this.deviations[label][dimension] * random.normal()
            : this.noise * random.normal();
      }
      truth.set(latent.subarray(0, informative), sample * informative);
      noise.set(latent.subarray(informative), sample * (features - informative));
      data.set(this.mixOne(latent), sample * features);
    }
    return { features: data, truth, noise, labels };
  }

  /** Data of any latents, both [sample][features], the informative latents first. */
  mix(latents: Float32Array): Float32Array {
    const mixed = new Float32Array(latents.length);
    for (let from = 0; from < latents.length; from += this.features) {
      mixed.set(this.mixOne(Float64Array.from(latents.subarray(from, from + this.features))), from);
    }
    return mixed;
  }
}

/**
 * The artificial data of GIN, section 4.3: Gaussian clusters in the informative dimensions (means uniform on
 * [-5, 5], standard deviations uniform on [0.5, 3], labels drawn uniformly), Gaussian noise in the others, mixed
 * by a RealNVP of 8 blocks in which every layer is drawn at random, its scales clamped as in the authors' code.
 */
export function simulateMixture(options: MixtureOptions): Mixture {
  const { classes, samples } = options;
  const sampler = new MixtureSampler(options);
  const { features, truth, noise, labels } = sampler.draw(samples);
  return {
    dataset: {
      name: "mixture",
      features,
      samples,
      width: sampler.features,
      featureNames: numberedNames(sampler.features),
      condition: { name: "label", classes: numberedClasses(classes), labels },
    },
    truth,
    noise,
    mix: (latents) => sampler.mix(latents),
    means: sampler.means,
    deviations: sampler.deviations,
  };
}

/** The names 0, 1 ... of the classes of artificial data. */
export const numberedClasses = (classes: number): string[] =>
  Array.from({ length: classes }, (_, index) => String(index));

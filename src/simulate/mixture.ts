import type { ConditionedDataset } from "../data/check.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
import { type LatentFamily, supportOf } from "../distributions/latent-family.js";
import { toSupport } from "../distributions/support.js";
import { Random } from "../engine/random.js";
import { drawLatent } from "./latent-draws.js";
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
  /** The family of the informative latents in each class. Default `normal`. */
  readonly latent?: LatentFamily;
  /** Means and standard deviations, [class][informative]; of other families locations and scales. Drawn where absent. */
  readonly means?: readonly (readonly number[])[];
  readonly deviations?: readonly (readonly number[])[];
}

/**
 * Means and standard deviations of the clusters in the informative dimensions, [class][informative]; of families other than
 * the normal, locations and scales (`distributions/latent-family.ts`).
 */
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
  /** The mixing itself: data of any latents [sample][features], the informative ones first, as real numbers. */
  readonly mix: (latents: Float32Array) => Float32Array;
}

/**
 * The statistics that `simulateMixture` draws: means uniform on [-5, 5], standard deviations uniform on [0.5, 3]; of other
 * families locations uniform on [-2, 2] and scales uniform on [0.2, 1.2].
 */
export function drawMixtureStatistics(
  classes: number,
  informative = 2,
  seed = 0,
  latent: LatentFamily = "normal",
): MixtureStatistics {
  const ranges = latent === "normal" ? NORMAL_RANGES : FAMILY_RANGES;
  const random = new Random(seed, "mixture statistics");
  const table = (draw: () => number) =>
    Array.from({ length: classes }, () => Array.from({ length: informative }, draw));
  return {
    means: table(() => ranges.mean[0] + ranges.mean[1] * random.uniform()),
    deviations: table(() => ranges.deviation[0] + ranges.deviation[1] * random.uniform()),
  };
}

/** Start and length. */
const NORMAL_RANGES = { mean: [-5, 10], deviation: [0.5, 2.5] } as const;
const FAMILY_RANGES = { mean: [-2, 4], deviation: [0.2, 1] } as const;

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
  private readonly latent: LatentFamily;
  private readonly classes: number;
  private readonly noise: number;
  private readonly random: Random;
  private readonly mixOne: (latent: Float64Array) => Float64Array;

  constructor(options: Omit<MixtureOptions, "samples">) {
    const { classes, noise = 0.01, seed = 0, features = 10, informative = 2, latent = "normal" } = options;
    const drawn = drawMixtureStatistics(classes, informative, seed, latent);
    this.latent = latent;
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
    const support = supportOf(this.latent);
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
          dimension < informative ? this.drawInformative(label, dimension) : this.noise * random.normal();
      }
      for (let dimension = 0; dimension < informative; dimension++)
        truth[sample * informative + dimension] = toSupport(support, latent[dimension]);
      noise.set(latent.subarray(informative), sample * (features - informative));
      data.set(this.mixOne(latent), sample * features);
    }
    return { features: data, truth, noise, labels };
  }

  private drawInformative(label: number, dimension: number): number {
    const [location, scale] = [this.means[label][dimension], this.deviations[label][dimension]];
    if (this.latent === "normal") return location + scale * this.random.normal();
    return drawLatent(this.latent, { location, logScale: Math.log(scale) }, this.random);
  }

  /** Data of any latents, both [sample][features], the informative latents first, as real numbers. */
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
 * by a RealNVP of 8 blocks in which every layer is drawn at random, its scales clamped as in the authors' code. Latents of
 * another family are mixed as the real numbers that stand for them (their log, or log-odds).
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

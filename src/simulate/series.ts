import type { ConditionedDataset } from "../data/check.js";
import { continuousCondition } from "../data/condition-reading.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
import { Random } from "../engine/random.js";
import { randomMixing } from "./mixing.js";

export interface SeriesOptions {
  /** Points in time, evenly spread over (0, 1). Default 20,000. */
  readonly samples?: number | undefined;
  /** Dimensions of the data. Default 10. */
  readonly features?: number | undefined;
  /** Latents that change with time. Default 4. */
  readonly informative?: number | undefined;
  /** Standard deviation of the others. Default 0.01. */
  readonly noise?: number | undefined;
  /** The fastest of the waves that a curve is made of, in periods over the series. Default 3. */
  readonly waves?: number | undefined;
  readonly seed?: number | undefined;
}

/** The mean and the standard deviation of a latent as functions of time. */
export interface LatentCurve {
  readonly mean: (time: number) => number;
  readonly deviation: (time: number) => number;
}

/** Samples in the order of time, sample-major. */
export interface SeriesSamples {
  /** [sample][features]. */
  readonly features: Float32Array;
  /** [sample][informative]. */
  readonly truth: Float32Array;
  readonly times: Float64Array;
}

export interface Series {
  readonly dataset: ConditionedDataset;
  /** The latents that change with time, [sample][informative]. */
  readonly truth: Float32Array;
  /** One a latent that changes with time. */
  readonly curves: readonly LatentCurve[];
}

/** Means vary by about so much over time, scales by a factor of about exp of that. */
const MEAN_AMPLITUDE = 2;
const SCALE_AMPLITUDE = 0.6;

/** Draws the samples that {@link simulateSeries} returns at once, some at a time. */
export class SeriesSampler {
  readonly samples: number;
  readonly features: number;
  readonly informative: number;
  readonly curves: readonly LatentCurve[];
  private readonly noise: number;
  private readonly random: Random;
  private readonly mix: (latent: Float64Array) => Float64Array;
  private position = 0;

  constructor(options: SeriesOptions) {
    const { samples = 20_000, features = 10, informative = 4, noise = 0.01, waves = 3, seed = 0 } = options;
    this.samples = samples;
    this.features = features;
    this.informative = informative;
    this.noise = noise;
    const shapes = new Random(seed, "series curves");
    this.curves = Array.from({ length: informative }, () => {
      const [mean, logDeviation] = [smooth(shapes, waves), smooth(shapes, waves)];
      return {
        mean: (time) => MEAN_AMPLITUDE * mean(time),
        deviation: (time) => Math.exp(SCALE_AMPLITUDE * logDeviation(time)),
      };
    });
    this.random = new Random(seed, "series samples");
    this.mix = randomMixing(new Random(seed, "series mixing"), features, {
      blocks: 8,
      width: Math.max(10, features),
    });
  }

  /** The next samples: as many as asked for, or those that are left. */
  draw(count: number): SeriesSamples {
    const { features, informative, random } = this;
    const samples = Math.min(count, this.samples - this.position);
    const data = sharedFloat32(samples * features);
    const truth = new Float32Array(samples * informative);
    const times = new Float64Array(samples);
    const latent = new Float64Array(features);
    for (let n = 0; n < samples; n++) {
      const time = (this.position + n + 0.5) / this.samples;
      times[n] = time;
      for (let i = 0; i < features; i++) {
        const curve = this.curves[i];
        const draw = random.normal();
        latent[i] = curve ? curve.mean(time) + curve.deviation(time) * draw : this.noise * draw;
      }
      truth.set(latent.subarray(0, informative), n * informative);
      data.set(this.mix(latent), n * features);
    }
    this.position += samples;
    return { features: data, truth, times };
  }
}

/** A sum of sine waves of 1 up to `waves` periods over [0, 1], of random phases, with the mean square 1. */
function smooth(random: Random, waves: number): (time: number) => number {
  const parts = Array.from({ length: waves }, (_, k) => ({
    frequency: k + 1,
    amplitude: random.normal(),
    phase: 2 * Math.PI * random.uniform(),
  }));
  const power = parts.reduce((sum, { amplitude }) => sum + amplitude ** 2 / 2, 0);
  return (time) =>
    parts.reduce(
      (sum, { frequency, amplitude, phase }) =>
        sum + (amplitude / Math.sqrt(power)) * Math.sin(2 * Math.PI * frequency * time + phase),
      0,
    );
}

/**
 * A series whose latents change smoothly with time: each of the informative ones is Gaussian, with a mean and a log
 * standard deviation that are sums of sine waves of random amplitudes and phases; the others are noise. They are mixed
 * as the clusters of `simulateMixture` are.
 */
export function simulateSeries(options: SeriesOptions = {}): Series {
  const sampler = new SeriesSampler(options);
  const { features, truth, times } = sampler.draw(sampler.samples);
  return {
    dataset: {
      name: "series",
      features,
      samples: sampler.samples,
      width: sampler.features,
      featureNames: numberedNames(sampler.features),
      condition: continuousCondition("time", times),
    },
    truth,
    curves: sampler.curves,
  };
}

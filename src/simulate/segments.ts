import type { ConditionedDataset } from "../data/check.js";
import { numberedNames, sharedFloat32 } from "../data/dataset.js";
import { Random } from "../engine/random.js";
import { InputError } from "../errors.js";
import { numberedClasses } from "./mixture.js";
import { type Activation, drawSegmentMixing, type SegmentMixing } from "./segment-mixing.js";
import { type SourceDistribution, sourceDrawing } from "./source-distribution.js";

export const OBSERVATIONS = ["continuous", "bernoulli"] as const;
/** What is observed of mixed sources y: y itself, or 1 with probability 1 / (1 + exp(-y)) and else 0. */
export type Observations = (typeof OBSERVATIONS)[number];

export interface SegmentOptions {
  /** Default 40. */
  readonly segments?: number | undefined;
  /** Samples of a segment. Default 1000. */
  readonly length?: number | undefined;
  /** Independent components, all of them modulated by the segment. Default 5. */
  readonly sources?: number | undefined;
  /** Dimensions of the data, at least as many as sources. Default: as many. */
  readonly features?: number | undefined;
  /** Distribution of a source within a segment. Default "gaussian". */
  readonly latent?: SourceDistribution | undefined;
  /** Whether segment means are 0; else they are drawn uniformly from [-5, 5]. Default true. */
  readonly centred?: boolean | undefined;
  /** Gives the first source the means 0, 3, 6 ... in random order, and the data's first dimension to it alone. */
  readonly staircase?: boolean | undefined;
  /** Layers of the mixing; with 1 it is linear. Default 3. */
  readonly layers?: number | undefined;
  readonly activation?: Activation | undefined;
  /** Slope of the activation's linear part. Default 0.1. */
  readonly slope?: number | undefined;
  /** Standard deviation of Gaussian noise on the mixed sources. Default 0. */
  readonly noise?: number | undefined;
  readonly observations?: Observations | undefined;
  readonly seed?: number | undefined;
}

/** Samples in the order of their segments, sample-major. */
export interface SegmentSamples {
  /** [sample][features]. */
  readonly features: Float32Array;
  /** [sample][sources]. */
  readonly truth: Float32Array;
  /** The segment of each sample. */
  readonly labels: Int32Array;
}

export interface Segments {
  readonly dataset: ConditionedDataset;
  /** The sources, [sample][sources]. */
  readonly truth: Float32Array;
  /** Of the sources, [segment][source]. */
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly (readonly number[])[];
  readonly mixing: SegmentMixing;
}

/** Steps of the staircase. */
const STEP = 3;

/**
 * Draws the samples that {@link simulateSegments} returns at once, some at a time. Throws InputError where features are
 * fewer than sources.
 */
export class SegmentSampler {
  /** Standard deviations within segments, [segment][source]. */
  readonly deviations: readonly (readonly number[])[];
  readonly means: readonly (readonly number[])[];
  readonly mixing: SegmentMixing;
  readonly segments: number;
  readonly length: number;
  readonly sources: number;
  readonly features: number;
  private position = 0;
  private readonly drawSource: () => number;
  private readonly observe: (mixed: number) => number;

  constructor(options: SegmentOptions) {
    const { segments = 40, length = 1000, sources = 5, seed = 0, staircase = false } = options;
    this.segments = segments;
    this.length = length;
    this.sources = sources;
    this.features = options.features ?? sources;
    if (this.features < sources) {
      throw new InputError(
        `Segments: found ${this.features} features for ${sources} sources, expected at least as many.`,
      );
    }
    const statistics = new Random(seed, "segment statistics");
    const table = (draw: () => number) =>
      Array.from({ length: segments }, () => Array.from({ length: sources }, draw));
    this.deviations = table(() => 0.5 + 2.5 * statistics.uniform());
    const means = table(() => (options.centred === false ? -5 + 10 * statistics.uniform() : 0));
    const order = statistics.permutation(segments);
    this.means = staircase ? means.map(([, ...others], index) => [STEP * order[index], ...others]) : means;
    this.mixing = drawSegmentMixing(new Random(seed, "segment mixing"), {
      sources,
      features: this.features,
      layers: options.layers ?? 3,
      activation: options.activation ?? "tanh",
      slope: options.slope ?? 0.1,
      staircase,
    });
    this.drawSource = sourceDrawing(options.latent ?? "gaussian", new Random(seed, "segment sources"));
    this.observe = observation(options, seed);
  }

  get samples(): number {
    return this.segments * this.length;
  }

  /** The next samples: as many as asked for, or those that are left. */
  draw(count: number): SegmentSamples {
    const { features, sources, position } = this;
    const samples = Math.min(count, this.samples - position);
    const data = sharedFloat32(samples * features);
    const truth = new Float32Array(samples * sources);
    const labels = new Int32Array(samples);
    const source = new Float64Array(sources);
    for (let sample = 0; sample < samples; sample++) {
      const segment = Math.floor((position + sample) / this.length);
      labels[sample] = segment;
      for (let i = 0; i < sources; i++) {
        source[i] = this.means[segment][i] + this.deviations[segment][i] * this.drawSource();
      }
      truth.set(source, sample * sources);
      const mixed = this.mixing.apply(source);
      for (let j = 0; j < features; j++) data[sample * features + j] = this.observe(mixed[j]);
    }
    this.position += samples;
    return { features: data, truth, labels };
  }
}

function observation(
  { noise = 0, observations = "continuous" }: SegmentOptions,
  seed: number,
): (mixed: number) => number {
  const [noises, coins] = [new Random(seed, "segment noise"), new Random(seed, "segment observations")];
  const noisy = noise === 0 ? (mixed: number) => mixed : (mixed: number) => mixed + noise * noises.normal();
  if (observations === "continuous") return noisy;
  return (mixed) => (coins.uniform() < 1 / (1 + Math.exp(-noisy(mixed))) ? 1 : 0);
}

/**
 * The artificial data of iVAE, section 5.1 (after TCL, Hyvarinen and Morioka 2016): a time series in segments of
 * equal length. Within a segment sources are independent, with standard deviations uniform on [0.5, 3] and means 0
 * or uniform on [-5, 5]; a random network mixes them ({@link drawSegmentMixing}). Throws InputError where features are
 * fewer than sources.
 */
export function simulateSegments(options: SegmentOptions = {}): Segments {
  const sampler = new SegmentSampler(options);
  const { features, truth, labels } = sampler.draw(sampler.samples);
  return {
    dataset: {
      name: "segments",
      features,
      samples: sampler.samples,
      width: sampler.features,
      featureNames: numberedNames(sampler.features),
      condition: { name: "segment", classes: numberedClasses(sampler.segments), labels },
    },
    truth,
    means: sampler.means,
    deviations: sampler.deviations,
    mixing: sampler.mixing,
  };
}

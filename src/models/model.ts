import type { SampleConditions } from "../data/dataset.js";
import type { CurvedFamily } from "../distributions/latent-family.js";
import type { Support } from "../distributions/support.js";
import { InputError } from "../errors.js";
import type { Family } from "../priors/location-scale.js";
import type { ModelFacts } from "./facts.js";

/** One factorial Gaussian a class over the latents, in units of the data; tables are [class][latent]. */
export interface ConditionalGaussian {
  readonly classes: readonly string[];
  readonly mean: Float32Array;
  readonly sigma: Float32Array;
}

/**
 * The same of another family, too: of Laplace's, mean and sigma are its means and standard deviations; of GIN's Table 1,
 * location and scale of the real numbers that stand for the latents (`distributions/latent-family.ts`).
 */
export interface ConditionalDensity extends ConditionalGaussian {
  /** Default: Gaussian. */
  readonly family?: Family | CurvedFamily;
}

/** One line of the training history. */
export interface HistoryEntry {
  readonly epoch: number;
  readonly learningRate: number;
  /** Mean log-likelihood log p(x|u) per sample and dimension, in nats, with the noise of training. */
  readonly trainLogLikelihood: number;
  /** The same on held-out samples, without noise; null where none were held out. */
  readonly heldOutLogLikelihood: number | null;
}

/** Mean log-likelihoods per sample and dimension, in nats; null where they are not known. */
export interface MeanLogLikelihoods {
  readonly train: number | null;
  readonly heldOut: number | null;
}

/** What not every model can answer. */
export type Question = "decode" | "logLikelihood" | "classify";

/** What every model of the toolkit is and can do; [sample][feature] arrays are sample-major. */
export interface Model {
  /** Name of the method that fits such models, as in `methods.ts`. */
  readonly method: string;
  /** The method's name in texts, such as "GIN". */
  readonly title: string;
  /** What kind of its method the model is, in a few words. */
  readonly description: string;
  /** What is known of the fit: configuration, data, preprocessing, classes, history. */
  readonly facts: ModelFacts;
  /** Number of latents. */
  readonly latents: number;
  /** Values of one sample of data. */
  readonly dataWidth: number;
  /** Fitted values of the map between data and latents, and of p(w|u). */
  readonly parameters: { readonly flow: number; readonly prior: number };
  /**
   * Where the latents' values lie. Default: anywhere. Latents are handed over and described as the real numbers that stand
   * for their values; see `valuesOnSupport`.
   */
  readonly support?: Support;
  /** By which standard deviation latents are ranked: within conditions (`sigma`) or over all data (`std`). */
  readonly measure: "sigma" | "std";
  /** How the fit went, such as "80 epochs"; null for a model that is untrained. */
  readonly course: string | null;
  /** Log-likelihoods at the end of the fit. */
  readonly fitted: MeanLogLikelihoods;
  /** What `fitted` and the history are, where it is not the log-likelihood in nats per dimension. */
  readonly fitMeasure?: string;
  /** Why a question cannot be answered, in a sentence without its full stop, by question. */
  readonly cannot: Readonly<Partial<Record<Question, string>>>;
  /** Whether `encode` needs the condition of each sample. Default: no. */
  readonly needsLabels?: boolean;
  /**
   * Latents of data, [sample][latent]. `conditions` are for a model that needs them. Throws InputError on a wrong width, or
   * where they are missing.
   */
  encode(data: Float32Array, conditions?: SampleConditions): Float32Array;
  /** Data of latents; the inverse of `encode`, or the nearest thing to it where latents are fewer than features. */
  decode(latents: Float32Array): Float32Array;
  /**
   * Data drawn from p(x|w) at latents, [sample][dataWidth], from a seed: what `decode` gives, the mean, with the noise of the
   * observation. Absent from models without noise. Throws InputError on a wrong width.
   */
  observe?(latents: Float32Array, seed?: number): Float32Array;
  /**
   * The gradient with respect to data, [sample][dataWidth], of a function of the latents. `gradientOf` receives the
   * latents of some samples, the first of which has the number `from`, and returns the function's gradient with
   * respect to them, both [sample][latent]. Absent from models that are not differentiated. Throws InputError on a
   * wrong width.
   */
  pullBack?(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array;
  /** Whether the means of p(w|u) are fixed at 0. Default: no. */
  readonly meansFixed?: boolean;
  /** p(w|u) of every class, or cell of a condition that is a point. */
  distribution(): ConditionalDensity;
  /** p(w|u) at points [point][column of the condition]; absent from models whose conditions are classes. */
  distributionAt?(points: Float64Array): ConditionalDensity;
  /**
   * The Gaussian around one sample, [dataWidth], as that of a single class, of a model whose condition is the sample itself;
   * absent from others. Throws InputError on a wrong width.
   */
  around?(sample: Float32Array): ConditionalGaussian;
  /** Spread of each latent within the sets of augmented samples that a model was fitted to; absent where there are none. */
  readonly withinSets?: readonly number[];
  /** New data of one class, [count][dataWidth]. Throws InputError for a class the model does not know. */
  sample(options: SampleOptions): Float32Array;
  /** log p(x|u) of each sample, in nats; where its class is not certain, of the mixture over the classes. */
  logLikelihood(data: Float32Array, conditions: SampleConditions): Float64Array;
  /** Where log p(x|u) is estimated: the lower bound of each that was maximised, in nats. */
  evidenceLowerBound?(data: Float32Array, conditions: SampleConditions): Float64Array;
  /** The model as a safetensors file; see `loadModel`. */
  save(): Uint8Array;
}

/** How a model that is loaded shall work. */
export interface OpenOptions {
  /** Threads for long work, where the model can use them; the result is the same at any number. Default: all cores. */
  readonly threads?: number | undefined;
}

export interface SampleOptions {
  /** Name of the class to sample from, or the point of a condition that is one, as in "0.3" or "0.3,B". */
  readonly condition: string;
  readonly count: number;
  /** Factor on the standard deviations. Default 1. */
  readonly temperature?: number;
  /** Samples only these latents and keeps the others at their mean. Default: all. */
  readonly latents?: readonly number[];
  /** Adds the noise of the observation, where a model has any; see {@link Model.observe}. Default: no, data are means. */
  readonly observationNoise?: boolean;
  readonly seed?: number;
}

/** Throws InputError where a model cannot answer a question. */
export function expectAnswer(model: Pick<Model, "cannot" | "title">, question: Question): void {
  const reason = model.cannot[question];
  if (reason !== undefined) throw new InputError(`${model.title}: ${reason}`);
}

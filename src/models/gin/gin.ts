import { classIndex, drawCodes, expectWidth, logDensities, scaled } from "../gaussian.js";
import type { ConditionalGaussian, MeanLogLikelihoods, Model, SampleOptions } from "../model.js";
import { dataWidth, preprocess, pullBackPreprocessing, undoPreprocessing } from "../preprocessing.js";
import { courseOf, fittedOf } from "../trained/course.js";
import type { GinFacts } from "./facts.js";
import { encodeModel } from "./file.js";
import type { GinNetwork } from "./network.js";

/**
 * GIN, the general incompressible-flow network: a volume-preserving flow w = g(x) trained by maximum likelihood so
 * that p(w|u) is a factorial Gaussian for each class u.
 *
 * Reference: Sorrenson, Rother and Koethe, "Disentanglement by Nonlinear ICA with General Incompressible-flow
 * Networks (GIN)", ICLR 2020.
 */
export class Gin implements Model {
  readonly method = "gin";
  readonly title = "GIN";
  readonly measure = "sigma";
  readonly cannot = {};

  constructor(
    private readonly network: GinNetwork,
    /** What is known of the fit: configuration, preprocessing, classes, history. */
    readonly facts: GinFacts,
    /** Threads that encode, decode and logLikelihood use for long work; the result is the same at any number. */
    readonly threads: number = network.engine.platform.cores,
  ) {}

  /** Number of latents, which is that of the columns that vary, or of the pixels. */
  get latents(): number {
    return this.network.features;
  }

  /** Values of one sample of data. */
  get dataWidth(): number {
    return dataWidth(this.facts.preprocessing);
  }

  get description(): string {
    const { preset, volume, prior } = this.facts.configuration;
    return `${preset} preset, volume preservation ${volume}, ${prior} prior`;
  }

  get course(): string | null {
    return courseOf(this.facts.history);
  }

  get fitted(): MeanLogLikelihoods {
    return fittedOf(this.facts.history);
  }

  /** Trainable values of the flow and of the prior. */
  get parameters(): { readonly flow: number; readonly prior: number } {
    return { flow: this.network.flowParameters, prior: this.network.priorParameters };
  }

  /** Latents of data [sample][dataWidth], as [sample][latent], in units of the data. Throws InputError on a wrong width. */
  encode(data: Float32Array): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const latents = this.network.encode(preprocess(preprocessing, data), this.threads);
    return scaled(latents, preprocessing.unit);
  }

  /** Data of latents; the inverse of `encode`. */
  decode(latents: Float32Array): Float32Array {
    expectWidth(latents, this.latents, "latents");
    const { preprocessing } = this.facts;
    const inner = preprocessing.unit === 1 ? latents : scaled(latents.slice(), 1 / preprocessing.unit);
    return undoPreprocessing(preprocessing, this.network.decode(inner, this.threads));
  }

  /** The gradient with respect to data of a function of the latents; see {@link Model.pullBack}. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const gradient = this.network.pullBack(preprocess(preprocessing, data), (latents, from) =>
      scaled(gradientOf(scaled(latents, preprocessing.unit), from).slice(), preprocessing.unit),
    );
    return pullBackPreprocessing(preprocessing, gradient);
  }

  /** The learned p(w|u) of every class. */
  distribution(): ConditionalGaussian {
    const { mean, logSigma } = this.network.prior.tables(this.network.context);
    const { unit } = this.facts.preprocessing;
    return {
      classes: this.facts.condition.classes,
      mean: mean.map((value) => value * unit),
      sigma: logSigma.map((value) => Math.exp(value) * unit),
    };
  }

  /** New data of one class, [count][dataWidth]. Throws InputError for a class the model does not know. */
  sample(options: SampleOptions): Float32Array {
    return this.decode(drawCodes(this.distribution(), options));
  }

  /** log p(x|u) of each sample over the columns that vary, in nats. `labels` are class indices. */
  logLikelihood(data: Float32Array, labels: Int32Array): Float64Array {
    expectWidth(data, this.dataWidth, "data");
    const values = preprocess(this.facts.preprocessing, data);
    const latents = scaled(this.network.encode(values, this.threads), this.facts.preprocessing.unit);
    const logDeterminants = this.network.logDeterminants(values, this.threads);
    return logDensities(this.distribution(), latents, labels).map((value, n) => value + logDeterminants[n]);
  }

  /** Index of a class by its name. Throws InputError. */
  classIndex(condition: string): number {
    return classIndex(this.facts.condition.classes, condition);
  }

  /** The model as a safetensors file; see {@link loadGin}. */
  save(): Uint8Array {
    return encodeModel(this.network, this.facts);
  }
}

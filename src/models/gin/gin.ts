import { count as counted } from "../../data/wording.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import type { ConditionalGaussian, MeanLogLikelihoods, Model, SampleOptions } from "../model.js";
import { dataWidth, preprocess, pullBackPreprocessing, undoPreprocessing } from "../preprocessing.js";
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
    const epochs = this.facts.history.length;
    return epochs === 0 ? null : counted(epochs, "epoch");
  }

  get fitted(): MeanLogLikelihoods {
    const last = this.facts.history[this.facts.history.length - 1];
    return { train: last?.trainLogLikelihood ?? null, heldOut: last?.heldOutLogLikelihood ?? null };
  }

  /** Trainable values of the flow and of the prior. */
  get parameters(): { readonly flow: number; readonly prior: number } {
    return { flow: this.network.flowParameters, prior: this.network.priorParameters };
  }

  /** Latents of data [sample][dataWidth], as [sample][latent], in units of the data. Throws InputError on a wrong width. */
  encode(data: Float32Array): Float32Array {
    this.expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const latents = this.network.encode(preprocess(preprocessing, data), this.threads);
    return scaled(latents, preprocessing.unit);
  }

  /** Data of latents; the inverse of `encode`. */
  decode(latents: Float32Array): Float32Array {
    this.expectWidth(latents, this.latents, "latents");
    const { preprocessing } = this.facts;
    const inner = preprocessing.unit === 1 ? latents : scaled(latents.slice(), 1 / preprocessing.unit);
    return undoPreprocessing(preprocessing, this.network.decode(inner, this.threads));
  }

  /** The gradient with respect to data of a function of the latents; see {@link Model.pullBack}. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    this.expectWidth(data, this.dataWidth, "data");
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
  sample({ condition, count, temperature = 1, latents, seed = 0 }: SampleOptions): Float32Array {
    const { mean, sigma } = this.distribution();
    const label = this.classIndex(condition);
    const random = new Random(seed, "sample");
    const chosen = latents && new Set(latents);
    const d = this.latents;
    const codes = new Float32Array(count * d);
    for (let i = 0; i < codes.length; i++) {
      const entry = label * d + (i % d);
      const deviation = random.normal() * temperature;
      codes[i] = mean[entry] + (chosen && !chosen.has(i % d) ? 0 : sigma[entry] * deviation);
    }
    return this.decode(codes);
  }

  /** log p(x|u) of each sample over the columns that vary, in nats. `labels` are class indices. */
  logLikelihood(data: Float32Array, labels: Int32Array): Float64Array {
    this.expectWidth(data, this.dataWidth, "data");
    const { mean, sigma } = this.distribution();
    const { preprocessing } = this.facts;
    const values = preprocess(preprocessing, data);
    const latents = scaled(this.network.encode(values, this.threads), preprocessing.unit);
    const logDeterminants = this.network.logDeterminants(values, this.threads);
    const d = this.latents;
    return Float64Array.from(labels, (label, sample) => {
      let total = logDeterminants[sample] - 0.5 * d * Math.log(2 * Math.PI);
      for (let f = 0; f < d; f++) {
        const deviation = sigma[label * d + f];
        total -= ((latents[sample * d + f] - mean[label * d + f]) / deviation) ** 2 / 2 + Math.log(deviation);
      }
      return total;
    });
  }

  /** Index of a class by its name. Throws InputError. */
  classIndex(condition: string): number {
    const index = this.facts.condition.classes.indexOf(condition);
    if (index >= 0) return index;
    const known = this.facts.condition.classes.slice(0, 12).join(", ");
    throw new InputError(`condition: found "${condition}", expected one of the model's classes (${known})`);
  }

  /** The model as a safetensors file; see {@link loadGin}. */
  save(): Uint8Array {
    return encodeModel(this.network, this.facts);
  }

  private expectWidth(data: Float32Array, width: number, what: string): void {
    if (data.length % width !== 0) {
      throw new InputError(
        `${what}: found ${data.length} values, expected a multiple of the model's ${width}`,
      );
    }
  }
}

function scaled(values: Float32Array, factor: number): Float32Array {
  if (factor !== 1) for (let i = 0; i < values.length; i++) values[i] *= factor;
  return values;
}

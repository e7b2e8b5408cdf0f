import { FlowModel } from "../flow/model.js";
import { classIndex, drawCodes, expectWidth, logDensities, scaled } from "../gaussian.js";
import type { ConditionalGaussian, Model, SampleOptions } from "../model.js";
import { preprocess } from "../preprocessing.js";
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
export class Gin extends FlowModel<GinNetwork, GinFacts> implements Model {
  readonly method = "gin";
  readonly title = "GIN";
  readonly measure = "sigma";
  readonly cannot = {};

  get description(): string {
    const { preset, volume, prior } = this.facts.configuration;
    return `${preset} preset, volume preservation ${volume}, ${prior} prior`;
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

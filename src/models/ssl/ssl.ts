import { encodeSafetensors } from "../../data/safetensors.js";
import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import { FlowModel } from "../flow/model.js";
import { drawCodes, expectWidth } from "../gaussian.js";
import { type ConditionalGaussian, expectAnswer, type Model, type SampleOptions } from "../model.js";
import { modelMetadata } from "../model-file.js";
import { preprocess } from "../preprocessing.js";
import type { SslFacts } from "./facts.js";
import type { SslNetwork } from "./network.js";

/** Means and log standard deviations of the latents of each class, [class][latent], in units of the preprocessed data. */
export interface ClassTables {
  readonly mean: Float32Array;
  readonly logSigma: Float32Array;
}

/**
 * Self-supervised GIN: a volume-preserving flow w = g(x) trained by maximum likelihood so that the augmented copies of a
 * sample, its set, share one factorial Gaussian: the condition is the sample itself. Classes, where there are any, are
 * not used to find the latents; each has statistics of its own, and without classes there is one, of all data.
 *
 * Reference: "Self-supervised Disentangled Representation Learning", under review at ICLR 2021.
 */
export class Ssl extends FlowModel<SslNetwork, SslFacts> implements Model {
  readonly method = "ssl";
  readonly title = "Self-supervised GIN";
  readonly measure = "std";
  readonly cannot = {
    logLikelihood:
      "it models how the augmented copies of a sample spread around it, and not how likely a sample is",
  };

  constructor(
    network: SslNetwork,
    facts: SslFacts,
    /** Statistics of the classes in latent space. */
    private readonly tables: ClassTables,
    threads?: number,
  ) {
    super(network, facts, threads);
  }

  get description(): string {
    const { preset, volume, augment, copies, setStatistics } = this.facts.configuration;
    const sets = augment
      ? `sets of a sample and ${count(copies ?? 0, "copy", "copies")} by ${augment.map(({ name }) => name).join(", ")}`
      : "sets made by a function";
    return `${preset} preset, volume preservation ${volume}, ${sets}, ${setStatistics} statistics`;
  }

  /** Spread of each latent within sets; see {@link SslFacts}. */
  get withinSets(): readonly number[] {
    return this.facts.within;
  }

  /** Statistics of the latents of every class, or of all data. */
  distribution(): ConditionalGaussian {
    const { unit } = this.facts.preprocessing;
    return {
      classes: this.facts.condition.classes,
      mean: this.tables.mean.map((value) => value * unit),
      sigma: this.tables.logSigma.map((value) => Math.exp(value) * unit),
    };
  }

  /**
   * The Gaussian of one sample's set, as that of a single class: around the sample's latents with the usual spread within
   * sets, or as the encoder predicts it. Throws InputError on a wrong width.
   */
  around(sample: Float32Array): ConditionalGaussian {
    expectWidth(sample, this.dataWidth, "sample");
    if (sample.length !== this.dataWidth) {
      throw new InputError(`sample: found ${sample.length} values, expected one sample of ${this.dataWidth}`);
    }
    const classes = ["the sample"];
    const { preprocessing, within } = this.facts;
    const predicted = this.network.predictions(preprocess(preprocessing, sample));
    if (!predicted) return { classes, mean: this.encode(sample), sigma: Float32Array.from(within) };
    const [mean, logSigma] = [predicted.slice(0, this.latents), predicted.slice(this.latents)];
    return {
      classes,
      mean: mean.map((value) => value * preprocessing.unit),
      sigma: logSigma.map((value) => Math.exp(value) * preprocessing.unit),
    };
  }

  /** New data of one class, [count][dataWidth], decoded from its statistics. Throws InputError for an unknown class. */
  sample(options: SampleOptions): Float32Array {
    return this.decode(drawCodes(this.distribution(), options));
  }

  /** Throws InputError: see `cannot`. */
  logLikelihood(): never {
    expectAnswer(this, "logLikelihood");
    throw new Error("A self-supervised GIN has no likelihood of single samples.");
  }

  save(): Uint8Array {
    const { mean, logSigma } = this.tables;
    const shape = [this.facts.condition.classes.length, this.latents];
    const tensors = {
      ...this.network.tensors(),
      "class.mean": { shape, data: mean },
      "class.log_sigma": { shape, data: logSigma },
    };
    return encodeSafetensors(tensors, modelMetadata("ssl", this.facts));
  }
}

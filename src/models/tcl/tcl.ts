import { encodeSafetensors } from "../../data/safetensors.js";
import { count } from "../../data/wording.js";
import { expectWidth } from "../gaussian.js";
import {
  type ConditionalGaussian,
  expectAnswer,
  type MeanLogLikelihoods,
  type Model,
  type SampleOptions,
} from "../model.js";
import { modelMetadata } from "../model-file.js";
import { dataWidth, preprocess, pullBackPreprocessing } from "../preprocessing.js";
import { courseOf, fittedOf } from "../trained/course.js";
import type { TclFacts } from "./facts.js";
import type { TclNetwork } from "./network.js";
import { applyUnmixing, pullBackUnmixing, type Unmixing } from "./unmixing.js";

/** Means and log standard deviations of the latents in each class, [class][latent]. */
export interface ClassTables {
  readonly mean: Float32Array;
  readonly logSigma: Float32Array;
}

/**
 * Time-contrastive learning: a feature extractor of maxout units, whose last layer takes absolute values, is trained to tell
 * by multinomial logistic regression which class (segment) a sample is of; latents are the independent components of its
 * features, found by FastICA. Where the sources' variances differ between the segments, they are functions of one source
 * each, such as its absolute value: what has no sign has no way back to data.
 *
 * Reference: Hyvarinen and Morioka, "Unsupervised Feature Extraction by Time-Contrastive Learning and Nonlinear ICA",
 * NIPS 2016.
 */
export class Tcl implements Model {
  readonly method = "tcl";
  readonly title = "TCL";
  readonly measure = "std";
  readonly fitMeasure = "log-probability of the class, in nats";
  readonly cannot = {
    decode: "its features tell classes apart, and there is no way back from them to data",
    logLikelihood:
      "it learns the probability of the class given the data, and the data have no density in it",
  };

  constructor(
    private readonly network: TclNetwork,
    /** What is known of the fit: configuration, preprocessing, classes, history, accuracy. */
    readonly facts: TclFacts,
    private readonly unmixing: Unmixing,
    private readonly tables: ClassTables,
    /** Threads for long passes; the result is the same at any number. */
    readonly threads: number = network.engine.platform.cores,
  ) {}

  get latents(): number {
    return this.facts.latents;
  }

  get dataWidth(): number {
    return dataWidth(this.facts.preprocessing);
  }

  get description(): string {
    const { configuration, features, accuracy, latents } = this.facts;
    const { depth, width, pieces } = configuration;
    const { train, heldOut, chance } = accuracy;
    const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
    return [
      `${count(latents, "latent")} of ${count(features, "feature")}`,
      `${depth} x ${width} maxout units of ${pieces} pieces`,
      `${percent(heldOut ?? train)} of ${heldOut === null ? "training" : "held-out"} classes told right (chance ${percent(chance)})`,
    ].join(", ");
  }

  get course(): string | null {
    return courseOf(this.facts.history);
  }

  /** Mean log-probabilities of the samples' classes. */
  get fitted(): MeanLogLikelihoods {
    return fittedOf(this.facts.history);
  }

  get parameters(): { readonly flow: number; readonly prior: number } {
    const { weight, bias } = this.unmixing;
    const own = this.network.parameters.count + weight.length + bias.length;
    return { flow: own, prior: 2 * this.tables.mean.length };
  }

  /** Independent components of the features, [sample][latent], with variance 1 on the training samples. Throws InputError. */
  encode(data: Float32Array): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const features = this.network.encode(preprocess(this.facts.preprocessing, data), this.threads);
    return applyUnmixing(this.unmixing, features);
  }

  /** The class that each sample most probably is of. Throws InputError on a wrong width. */
  classesOf(data: Float32Array): Int32Array {
    expectWidth(data, this.dataWidth, "data");
    return this.network.classesOf(preprocess(this.facts.preprocessing, data), this.threads);
  }

  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const gradient = this.network.pullBack(preprocess(preprocessing, data), (features, from) =>
      pullBackUnmixing(this.unmixing, gradientOf(applyUnmixing(this.unmixing, features), from)),
    );
    return pullBackPreprocessing(preprocessing, gradient);
  }

  /** Not to be had: throws InputError. */
  decode(): Float32Array {
    expectAnswer(this, "decode");
    return new Float32Array();
  }

  /** Means and standard deviations of the latents of the training samples of each class. */
  distribution(): ConditionalGaussian {
    const { mean, logSigma } = this.tables;
    return { classes: this.facts.condition.classes, mean, sigma: logSigma.map(Math.exp) };
  }

  /** Not to be had: throws InputError. */
  sample(_options: SampleOptions): Float32Array {
    return this.decode();
  }

  /** Not to be had: throws InputError. */
  logLikelihood(): Float64Array {
    expectAnswer(this, "logLikelihood");
    return new Float64Array();
  }

  save(): Uint8Array {
    const { weight, bias } = this.unmixing;
    const { mean, logSigma } = this.tables;
    const table = [this.facts.condition.classes.length, this.latents];
    return encodeSafetensors(
      {
        ...this.network.tensors(),
        "unmixing.weight": { shape: [this.latents, this.facts.features], data: weight },
        "unmixing.bias": { shape: [this.latents], data: bias },
        "prior.mean": { shape: table, data: mean },
        "prior.log_sigma": { shape: table, data: logSigma },
      },
      modelMetadata(this.method, this.facts),
    );
  }
}

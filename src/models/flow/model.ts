import type { CommonFacts } from "../facts.js";
import { expectWidth, scaled } from "../gaussian.js";
import type { MeanLogLikelihoods } from "../model.js";
import { dataWidth, preprocess, pullBackPreprocessing, undoPreprocessing } from "../preprocessing.js";
import { courseOf, fittedOf } from "../trained/course.js";
import type { FlowNetwork } from "./network.js";

/** The part of a model that is its flow: the map between data and latents, with its preprocessing. */
export abstract class FlowModel<N extends FlowNetwork, F extends CommonFacts> {
  constructor(
    protected readonly network: N,
    /** What is known of the fit: configuration, preprocessing, classes, history. */
    readonly facts: F,
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

  get course(): string | null {
    return courseOf(this.facts.history);
  }

  get fitted(): MeanLogLikelihoods {
    return fittedOf(this.facts.history);
  }

  /** Trainable values of the flow, and of what it is trained against. */
  get parameters(): { readonly flow: number; readonly prior: number } {
    return { flow: this.network.flowParameters, prior: this.network.priorParameters };
  }

  /** The unit of the latents, in which the flow's are told: that of the data. */
  protected get unit(): number {
    return this.facts.preprocessing.unit;
  }

  /** Latents of data [sample][dataWidth], as [sample][latent], in units of the data. Throws InputError on a wrong width. */
  encode(data: Float32Array): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const latents = this.network.encode(preprocess(preprocessing, data), this.threads);
    return scaled(latents, this.unit);
  }

  /** Data of latents; the inverse of `encode`. */
  decode(latents: Float32Array): Float32Array {
    expectWidth(latents, this.latents, "latents");
    const { preprocessing } = this.facts;
    const inner = this.unit === 1 ? latents : scaled(latents.slice(), 1 / this.unit);
    return undoPreprocessing(preprocessing, this.network.decode(inner, this.threads));
  }

  /** The gradient with respect to data of a function of the latents; see `Model.pullBack`. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const gradient = this.network.pullBack(preprocess(preprocessing, data), (latents, from) =>
      scaled(gradientOf(scaled(latents, this.unit), from).slice(), this.unit),
    );
    return pullBackPreprocessing(preprocessing, gradient);
  }
}

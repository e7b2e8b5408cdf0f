import { encodeSafetensors, type TensorFile } from "../../data/safetensors.js";
import { floatTensor } from "../float-tensor.js";
import { drawCodes, expectWidth, logDensities, scaled } from "../gaussian.js";
import {
  type ConditionalGaussian,
  expectAnswer,
  type MeanLogLikelihoods,
  type Model,
  type SampleOptions,
} from "../model.js";
import { modelMetadata } from "../model-file.js";
import {
  dataWidth,
  logScaleOf,
  modelledWidth,
  preprocess,
  pullBackPreprocessing,
  undoPreprocessing,
} from "../preprocessing.js";
import type { LinearFacts } from "./facts.js";
import { LinearMap } from "./map.js";

/** What tells the linear methods apart. */
export interface LinearKind {
  readonly method: string;
  readonly title: string;
  readonly describe: (facts: LinearFacts) => string;
}

/** log p(w|u) in units of the preprocessed data; tables are [class][latent]. */
interface Tables {
  readonly mean: Float32Array;
  readonly logSigma: Float32Array;
}

/**
 * A linear model: latents are an affine map of the data, w = W x + b, and in each class a factorial Gaussian. Where
 * latents are fewer than columns, what they leave out is Gaussian with one variance in all directions, as in
 * probabilistic PCA (Tipping and Bishop, "Probabilistic principal component analysis", 1999).
 */
export class LinearModel implements Model {
  readonly measure = "std";

  constructor(
    private readonly kind: LinearKind,
    readonly facts: LinearFacts,
    private readonly map: LinearMap,
    private readonly tables: Tables,
  ) {}

  /** Builds a model of what its file holds; `name` is what messages call the file. Throws InputError. */
  static async open(
    kind: LinearKind,
    facts: LinearFacts,
    tensors: TensorFile["tensors"],
    name: string,
  ): Promise<LinearModel> {
    const latents = facts.std.length;
    const map = await LinearMap.create(modelledWidth(facts.preprocessing), latents, tensors, name);
    const shape = [facts.condition.classes.length, latents];
    const mean = floatTensor(tensors, "prior.mean", shape, name);
    const logSigma = floatTensor(tensors, "prior.log_sigma", shape, name);
    return new LinearModel(kind, facts, map, { mean, logSigma });
  }

  /** The same model, which knows how likely its data were. */
  withLogLikelihood(logLikelihood: LinearFacts["logLikelihood"]): LinearModel {
    return new LinearModel(this.kind, { ...this.facts, logLikelihood }, this.map, this.tables);
  }

  get method(): string {
    return this.kind.method;
  }

  get title(): string {
    return this.kind.title;
  }

  get description(): string {
    return this.kind.describe(this.facts);
  }

  get course(): string {
    return this.facts.course;
  }

  get fitted(): MeanLogLikelihoods {
    return this.facts.logLikelihood;
  }

  get cannot(): Model["cannot"] {
    const { residual } = this.facts;
    if (residual === null || residual > 0) return {};
    const counts = `${this.latents} of ${modelledWidth(this.facts.preprocessing)}`;
    return {
      logLikelihood: `the data vary in no direction but those of the ${counts} latents, so that they have no density`,
    };
  }

  get latents(): number {
    return this.map.latents;
  }

  get dataWidth(): number {
    return dataWidth(this.facts.preprocessing);
  }

  get parameters(): { readonly flow: number; readonly prior: number } {
    const { latents, columns } = this.map;
    return { flow: latents * (columns + 1), prior: 2 * this.tables.mean.length };
  }

  encode(data: Float32Array): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    return scaled(this.map.encode(preprocess(preprocessing, data)), preprocessing.unit);
  }

  decode(latents: Float32Array): Float32Array {
    expectWidth(latents, this.latents, "latents");
    const { preprocessing } = this.facts;
    const inner = preprocessing.unit === 1 ? latents : scaled(latents.slice(), 1 / preprocessing.unit);
    return undoPreprocessing(preprocessing, this.map.decode(inner));
  }

  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    const gradient = this.map.pullBack(preprocess(preprocessing, data), (latents, from) =>
      scaled(gradientOf(scaled(latents, preprocessing.unit), from).slice(), preprocessing.unit),
    );
    return pullBackPreprocessing(preprocessing, gradient);
  }

  distribution(): ConditionalGaussian {
    const { unit } = this.facts.preprocessing;
    return {
      classes: this.facts.condition.classes,
      mean: this.tables.mean.map((value) => value * unit),
      sigma: this.tables.logSigma.map((value) => Math.exp(value) * unit),
    };
  }

  sample(options: SampleOptions): Float32Array {
    return this.decode(drawCodes(this.distribution(), options));
  }

  /**
   * log p(x|u) of each sample over the columns that vary, in nats: that of the latents, the volume of the map, and
   * -|r|^2 / 2 s - (log 2 pi s) / 2 for each direction that is left out, with r what decoding does not give back.
   * Throws InputError where the data have no density.
   */
  logLikelihood(data: Float32Array, labels: Int32Array): Float64Array {
    expectAnswer(this, "logLikelihood");
    expectWidth(data, this.dataWidth, "data");
    return this.logLikelihoodWithin(preprocess(this.facts.preprocessing, data), labels);
  }

  /** The same of preprocessed data. */
  logLikelihoodWithin(values: Float32Array, labels: Int32Array): Float64Array {
    const { preprocessing, residual, logVolume } = this.facts;
    const { mean, logSigma } = this.tables;
    const inner = { classes: this.facts.condition.classes, mean, sigma: logSigma.map(Math.exp) };
    const latents = this.map.encode(values);
    const constant = logVolume - logScaleOf(preprocessing);
    const densities = logDensities(inner, latents, labels).map((value) => value + constant);
    return residual === null ? densities : this.addResidual(densities, values, latents, residual);
  }

  private addResidual(
    densities: Float64Array,
    values: Float32Array,
    latents: Float32Array,
    variance: number,
  ): Float64Array {
    const { columns } = this.map;
    const constant = -0.5 * (columns - this.latents) * Math.log(2 * Math.PI * variance);
    const nearest = this.map.decode(latents);
    return densities.map((density, sample) => {
      let squares = 0;
      for (let k = sample * columns; k < (sample + 1) * columns; k++)
        squares += (values[k] - nearest[k]) ** 2;
      return density + constant - squares / (2 * variance);
    });
  }

  save(): Uint8Array {
    const shape = [this.facts.condition.classes.length, this.latents];
    const tensors = {
      ...this.map.tensors(),
      "prior.mean": { shape, data: this.tables.mean },
      "prior.log_sigma": { shape, data: this.tables.logSigma },
    };
    return encodeSafetensors(tensors, modelMetadata(this.method, this.facts));
  }
}

import { encodePoints } from "../../data/condition-values.js";
import type { SampleConditions } from "../../data/dataset.js";
import { encodeSafetensors } from "../../data/safetensors.js";
import { count as counted } from "../../data/wording.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { rowsForModel } from "../condition-rows.js";
import { densityOf, drawCodes, expectWidth } from "../gaussian.js";
import type { ConditionalDensity, MeanLogLikelihoods, Model, SampleOptions } from "../model.js";
import { modelMetadata } from "../model-file.js";
import { expectPoints, namesOfPoints, POINTS_CANNOT_BE_CLASSIFIED } from "../points.js";
import {
  dataWidth,
  logScaleOf,
  preprocess,
  pullBackPreprocessing,
  undoPreprocessing,
} from "../preprocessing.js";
import { courseOf, fittedOf } from "../trained/course.js";
import type { PassConditions } from "../trained/network.js";
import type { IvaeFacts } from "./facts.js";
import { TITLES } from "./kinds.js";
import type { IvaeNetwork } from "./network.js";

/**
 * The identifiable variational autoencoder: a deep generative model p(x|z) p(z|u) whose prior is factorial given the
 * condition u, fitted with an encoder q(z|x,u) by the evidence lower bound; with a standard normal prior and an encoder
 * without u, the variational autoencoder, beta-VAE and beta-TC-VAE.
 *
 * References: Khemakhem, Kingma, Monti and Hyvarinen, "Variational Autoencoders and Nonlinear ICA: A Unifying
 * Framework", AISTATS 2020; Kingma and Welling 2014; Higgins et al. 2017; Chen et al. 2018.
 */
export class Ivae implements Model {
  readonly measure = "std";

  get cannot(): Model["cannot"] {
    return this.facts.condition.values ? { classify: POINTS_CANNOT_BE_CLASSIFIED } : {};
  }

  /** The last data whose likelihoods were measured: who asks for one of the two asks for the other. */
  private measured?: {
    readonly data: Float32Array;
    readonly conditions: SampleConditions;
    readonly both: Float32Array;
  };

  constructor(
    private readonly network: IvaeNetwork,
    /** What is known of the fit: configuration, preprocessing, classes, history. */
    readonly facts: IvaeFacts,
    /** Threads for long passes; the result is the same at any number. */
    readonly threads: number = network.engine.platform.cores,
  ) {}

  get method(): string {
    return this.facts.configuration.kind;
  }

  get title(): string {
    return TITLES[this.facts.configuration.kind];
  }

  get latents(): number {
    return this.facts.latents;
  }

  get dataWidth(): number {
    return dataWidth(this.facts.preprocessing);
  }

  get description(): string {
    const { prior, family, decoder, decoderVariance, encoder, width, depth } = this.facts.configuration;
    const noise = decoderVariance === null ? "learned variance" : `variance ${decoderVariance}`;
    return [
      counted(this.latents, "latent"),
      `${prior} ${family} prior`,
      decoder === "gaussian" ? `Gaussian decoder (${noise})` : "Bernoulli decoder",
      encoder === "xu" ? "encoder of data and class" : "encoder of data",
      `${depth} x ${width} hidden units`,
    ].join(", ");
  }

  get course(): string | null {
    return courseOf(this.facts.history);
  }

  /** Evidence lower bounds. */
  get fitted(): MeanLogLikelihoods {
    return fittedOf(this.facts.history);
  }

  get fitMeasure(): string {
    const { importanceSamples: codes } = this.facts.configuration;
    return `lower bound of the log-likelihood${codes > 1 ? `, with ${codes} codes,` : ""} in nats per dimension`;
  }

  get parameters(): { readonly flow: number; readonly prior: number } {
    return { flow: this.network.mapParameters, prior: this.network.priorParameters };
  }

  /** Whether `encode` needs the class of each sample. */
  get needsLabels(): boolean {
    return this.network.needsLabels;
  }

  get meansFixed(): boolean {
    return this.facts.configuration.prior !== "learned";
  }

  /** Posterior means of the latents, [sample][latent]; see {@link Model.encode}. */
  encode(data: Float32Array, conditions?: SampleConditions): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    if (!conditions) this.expectNoLabels();
    const own = this.needsLabels && conditions ? this.conditionsOf(conditions) : undefined;
    return this.network.encode(preprocess(this.facts.preprocessing, data), own, this.threads);
  }

  /** The mean of the data given the latents; of a Bernoulli decoder the probabilities of ones. */
  decode(latents: Float32Array): Float32Array {
    expectWidth(latents, this.latents, "latents");
    return undoPreprocessing(this.facts.preprocessing, this.network.decode(latents, this.threads));
  }

  /** Data drawn from p(x|z): Gaussian around the mean, or ones and zeros; see {@link Model.observe}. */
  observe(latents: Float32Array, seed = 0): Float32Array {
    expectWidth(latents, this.latents, "latents");
    const means = this.network.decode(latents, this.threads);
    const random = new Random(seed, "observation");
    const deviations = this.network.noiseLogSigma().map(Math.exp);
    const drawn =
      this.facts.configuration.decoder === "bernoulli"
        ? means.map((probability) => (random.uniform() < probability ? 1 : 0))
        : means.map((mean, k) => mean + deviations[k % deviations.length] * random.normal());
    return undoPreprocessing(this.facts.preprocessing, drawn);
  }

  /** The gradient with respect to data of a function of the posterior means; see {@link Model.pullBack}. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    expectWidth(data, this.dataWidth, "data");
    this.expectNoLabels();
    const { preprocessing } = this.facts;
    return pullBackPreprocessing(
      preprocessing,
      this.network.pullBack(preprocess(preprocessing, data), gradientOf),
    );
  }

  /** Throws InputError where data alone cannot be encoded. */
  private expectNoLabels(): void {
    if (!this.needsLabels) return;
    const what = this.facts.condition.values ? "condition" : "class";
    throw new InputError(
      `${this.title}: the encoder of this model takes the ${what} of each sample, and none is given; fit with --encoder x to encode data alone`,
    );
  }

  /** Conditions as the network takes them. Throws InputError for those that it does not know. */
  private conditionsOf(conditions: SampleConditions): PassConditions {
    const rows = rowsForModel(this.facts.condition, conditions);
    if (!rows) return conditions as Int32Array;
    if (this.facts.condition.values) return rows.values;
    throw new InputError(`${this.title}: takes a class for each sample, found classes that are not certain`);
  }

  /** p(z|u) of every class, or at the middle of every cell of a condition that is a point. */
  distribution(): ConditionalDensity {
    const { classes, values } = this.facts.condition;
    if (!values) return this.densityOf(classes, this.network.priorTables());
    return this.densityOf(classes, this.network.priorAt(encodePoints(values.columns, values.cells.flat())));
  }

  /** p(z|u) at points [point][column]. Throws InputError where conditions are classes. */
  distributionAt(points: Float64Array): ConditionalDensity {
    const { columns } = expectPoints(this.facts.condition);
    const parameters = this.network.priorAt(encodePoints(columns, points));
    return this.densityOf(namesOfPoints(columns, points), parameters);
  }

  private densityOf(
    classes: readonly string[],
    { mean, logScale }: { readonly mean: Float32Array; readonly logScale: Float32Array },
  ): ConditionalDensity {
    const { family } = this.facts.configuration;
    const factor = family === "laplace" ? Math.SQRT2 : 1;
    return { classes, mean, sigma: logScale.map((value) => factor * Math.exp(value)), family };
  }

  /** New data of one class or point, [count][dataWidth]: decoded codes. Throws InputError for one that is not known. */
  sample(options: SampleOptions): Float32Array {
    const { density, name } = densityOf(this, options.condition);
    const codes = drawCodes(density, { ...options, condition: name });
    return options.observationNoise ? this.observe(codes, options.seed) : this.decode(codes);
  }

  /** log p(x|u) of each sample over the columns that vary, in nats, estimated by importance sampling. */
  logLikelihood(data: Float32Array, conditions: SampleConditions): Float64Array {
    return this.likelihoods(data, conditions, 0);
  }

  /** The evidence lower bound of each sample, in nats: at most its log-likelihood. */
  evidenceLowerBound(data: Float32Array, conditions: SampleConditions): Float64Array {
    return this.likelihoods(data, conditions, 1);
  }

  private likelihoods(data: Float32Array, conditions: SampleConditions, which: 0 | 1): Float64Array {
    expectWidth(data, this.dataWidth, "data");
    const { preprocessing } = this.facts;
    if (this.measured?.data !== data || this.measured.conditions !== conditions) {
      const own = this.conditionsOf(conditions);
      const both = this.network.likelihoods(preprocess(preprocessing, data), own, this.threads);
      this.measured = { data, conditions, both };
    }
    const { both } = this.measured;
    const volume = logScaleOf(preprocessing);
    return Float64Array.from({ length: both.length / 2 }, (_, sample) => both[2 * sample + which] - volume);
  }

  save(): Uint8Array {
    return encodeSafetensors(this.network.tensors(), modelMetadata(this.method, this.facts));
  }
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { allocate, type Context } from "../../engine/context.js";
import { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import type { Activation } from "../../nn/activation.js";
import { pullBackSamples, type SampleMap } from "../../nn/batch.js";
import { type ClassLanes, embed, putClasses } from "../../nn/embedding.js";
import { initialiseLayers } from "../../nn/initialise.js";
import { declareMlp } from "../../nn/mlp.js";
import { type Parameter, Parameters } from "../../nn/parameters.js";
import { ConditionNetwork } from "../../priors/condition-network.js";
import { type Family, locationScaleDensity } from "../../priors/location-scale.js";
import { floatTensor } from "../float-tensor.js";
import type { NetworkDescription, PassConditions, TrainedNetwork } from "../trained/network.js";
import { runPass } from "../trained/passes.js";
import { bernoulliDensity, gaussianDensity, type NoiseScale, type Observation } from "./observation.js";
import { type IvaePass, ivaePasses } from "./passes.js";
import { type PosteriorKind, posteriorWidth, samplePosterior } from "./posterior.js";

/** What a prior's tables are: of each class, with means that are learned or 0; or a standard one for all samples. */
export type PriorKind = "learned" | "zero-mean" | "standard";

/** What it takes to build a network. */
export interface IvaeDescription extends NetworkDescription {
  /** Values of a preprocessed sample. */
  readonly features: number;
  readonly latents: number;
  readonly classes: number;
  /** Of a condition that is a point: the numbers that stand for it, which take the place of classes. */
  readonly inputs?: number | undefined;
  /** Hidden units and hidden layers of encoder and decoder. */
  readonly width: number;
  readonly depth: number;
  readonly activation: Activation;
  /** Whether encoder and decoder have a linear part besides, and start as it: the identity. */
  readonly skip: boolean;
  readonly posterior: PosteriorKind;
  /** Whether the encoder takes the class beside the data. */
  readonly encoder: "x" | "xu";
  readonly prior: PriorKind;
  readonly family: Family;
  readonly decoder: Observation;
  /** Variance of a Gaussian decoder, in units of the standardised data; null: learned for each feature, from 1. */
  readonly decoderVariance: number | null;
  readonly seed: number;
}

/** The parts of the evidence lower bound of each sample, log p(x|z) + log p(z|u) - log q(z|x,u), at one code each. */
export interface BoundTerms {
  readonly posterior: Tensor;
  readonly z: Tensor;
  readonly observation: Tensor;
  readonly prior: Tensor;
  readonly entropy: Tensor;
}

/** Encoder, decoder and prior in an engine of their own. Works on preprocessed data. */
export class IvaeNetwork implements TrainedNetwork<IvaeDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);
  /** Values of encoder, decoder and decoder variance. */
  readonly mapParameters: number;

  private constructor(
    readonly description: IvaeDescription,
    readonly engine: Engine,
    readonly parameters: Parameters,
    private readonly encoder: ReturnType<typeof declareMlp>,
    private readonly decoder: ReturnType<typeof declareMlp>,
    private readonly noiseScale: NoiseScale,
    private readonly tables: {
      readonly mean?: Parameter | undefined;
      readonly logScale?: Parameter | undefined;
      readonly network?: ConditionNetwork | undefined;
    },
    /** Where the prior's parameters start in the parameter vector. */
    readonly priorOffset: number,
  ) {
    this.mapParameters = parameters.count - this.priorParameters;
  }

  /** Builds a network with fresh weights, or with `initialise: false` with zeros, to be restored. */
  static async create(
    description: IvaeDescription,
    { initialise: isFresh = true } = {},
  ): Promise<IvaeNetwork> {
    const {
      features,
      latents,
      classes,
      inputs = 0,
      width,
      depth,
      activation,
      skip,
      prior,
      decoderVariance,
    } = description;
    const engine = await Engine.create(description);
    const parameters = new Parameters();
    const hidden = new Array<number>(depth).fill(width);
    const outputs = posteriorWidth(description.posterior, latents);
    const encoder = declareMlp(parameters, "encoder", [features, ...hidden, outputs], {
      activation,
      classes: description.encoder === "xu" && inputs === 0 ? classes : 0,
      inputs: description.encoder === "xu" ? inputs : 0,
      skip: skip ? latents : 0,
    });
    const decoder = declareMlp(parameters, "decoder", [latents, ...hidden, features], {
      activation,
      skip: skip ? features : 0,
    });
    const isNoisy = description.decoder === "gaussian";
    const learned = isNoisy && decoderVariance === null;
    const noise = learned ? parameters.declare("decoder.log_sigma", [features]) : undefined;
    const priorOffset = parameters.startGroup();
    const table = (name: string) => parameters.declare(name, [classes, latents]);
    const tables =
      inputs > 0
        ? { network: new ConditionNetwork(parameters, { inputs, features: latents }) }
        : {
            mean: prior === "learned" ? table("prior.mean") : undefined,
            logScale: prior === "standard" ? undefined : table("prior.log_scale"),
          };
    parameters.materialise(engine);
    if (isFresh) {
      initialiseLayers(parameters, new Random(description.seed, "weights"));
      if (skip) startAsIdentity(parameters, depth);
    }
    const scale = noise ?? constantScale(engine, features, decoderVariance ?? 1);
    return new IvaeNetwork(description, engine, parameters, encoder, decoder, scale, tables, priorOffset);
  }

  get context(): Context {
    return { engine: this.engine };
  }

  get longestSum(): number {
    return this.parameters.length;
  }

  get priorParameters(): number {
    const own = this.parameters.entries().filter(({ name }) => name.startsWith("prior."));
    return own.reduce((sum, { length }) => sum + length, 0);
  }

  /** Whether latents of data need the class of each sample. */
  get needsLabels(): boolean {
    return this.description.encoder === "xu";
  }

  /** Means, then log scales, of q(z|x,u), and what else its covariance has; see {@link samplePosterior}. */
  posterior(context: Context, x: Tensor, labels: ClassLanes): Tensor {
    return this.encoder(context, x, labels);
  }

  /** What the decoder makes of codes: means of x, or log-odds. */
  reconstruction(context: Context, z: Tensor): Tensor {
    return this.decoder(context, z);
  }

  /** Locations, then log scales, of p(z|u). */
  prior(context: Context, labels: ClassLanes): Tensor {
    const { latents } = this.description;
    const { mean, logScale, network } = this.tables;
    if (network) return this.networkPrior(context, network, labels);
    const rows = allocate(context, vector(2 * latents), labels.samples, {
      gradient: context.tape !== undefined && logScale !== undefined,
    });
    const parts = [rows.slice(0, latents), rows.slice(latents, 2 * latents)];
    for (const [index, table] of [mean, logScale].entries()) {
      const part = parts[index];
      if (table) embed(context, table, labels, part, { accumulate: false });
      else this.engine.kernels.fillZero(part.pointer, part.channels * part.channelStride);
    }
    return rows;
  }

  /** The same of a condition that is a point; means that shall be 0 are set to it. */
  private networkPrior(context: Context, network: ConditionNetwork, { rows: u }: ClassLanes): Tensor {
    if (!u) throw new Error("This prior takes the condition of each sample.");
    const rows = network.rows(context, u);
    if (this.description.prior === "zero-mean") {
      const means = rows.slice(0, this.description.latents);
      const length = means.channels * means.channelStride;
      const { kernels } = this.engine;
      kernels.fillZero(means.pointer, length);
      // On the way back, before the network's own.
      context.tape?.record(() => kernels.fillZero(means.gradient, length));
    }
    return rows;
  }

  /** Locations and log scales of p(z|u) at conditions that are points [point][input], both [point][latent]. */
  priorAt(conditions: Float32Array): { mean: Float32Array; logScale: Float32Array } {
    const { network } = this.tables;
    if (!network) throw new Error("This prior is no network of the condition.");
    const { mean, logSigma } = network.tables(this.context, conditions);
    return { mean: this.description.prior === "zero-mean" ? mean.fill(0) : mean, logScale: logSigma };
  }

  /** The parts of the bound at the codes that `noise`, standard normal, gives; see {@link BoundTerms}. */
  terms(context: Context, x: Tensor, labels: ClassLanes, noise: Tensor): BoundTerms {
    return this.termsAt(context, x, this.posterior(context, x, labels), this.prior(context, labels), noise);
  }

  /** The same where posterior and prior are known. */
  termsAt(context: Context, x: Tensor, posterior: Tensor, rows: Tensor, noise: Tensor): BoundTerms {
    const { z, density: entropy } = samplePosterior(context, posterior, noise);
    const prior = locationScaleDensity(context, z, rows, this.description.family);
    return { posterior, z, prior, entropy, observation: this.observation(context, x, z) };
  }

  /** log p(x|z) of each sample. */
  observation(context: Context, x: Tensor, z: Tensor): Tensor {
    const output = this.reconstruction(context, z);
    return this.description.decoder === "bernoulli"
      ? bernoulliDensity(context, x, output)
      : gaussianDensity(context, x, output, this.noiseScale);
  }

  /** Locations and log scales of p(z|u), [class][latent]. */
  priorTables(): { mean: Float32Array; logScale: Float32Array } {
    const { classes, latents } = this.description;
    const read = (table: Parameter | undefined) =>
      table
        ? this.engine.memory.floats(table.pointer, table.length).slice()
        : new Float32Array(classes * latents);
    return { mean: read(this.tables.mean), logScale: read(this.tables.logScale) };
  }

  /** Log standard deviations of the observation noise, one a feature. */
  noiseLogSigma(): Float32Array {
    return this.engine.memory.floats(this.noiseScale.pointer, this.description.features).slice();
  }

  tensors(): Record<string, FileTensor> {
    const values = this.parameters.values();
    return Object.fromEntries(
      this.parameters.entries().map(({ name, shape, offset, length }) => {
        return [name, { shape, data: values.slice(offset, offset + length) }];
      }),
    );
  }

  restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void {
    for (const { name: tensor, shape, offset } of this.parameters.entries()) {
      this.parameters.values().set(floatTensor(tensors, tensor, shape, name), offset);
    }
  }

  pass(name: IvaePass, conditions?: PassConditions): SampleMap {
    return ivaePasses[name](this, conditions);
  }

  /** Means of q(z|x,u), [sample][latent]; the same bits at any number of threads. */
  encode(data: Float32Array, conditions: PassConditions | undefined, threads = 1): Float32Array {
    return runPass(this, "encode", data, threads, conditions);
  }

  /** What the decoder makes of codes, [sample][value]: means of x, or probabilities. */
  decode(latents: Float32Array, threads = 1): Float32Array {
    const output = runPass(this, "decode", latents, threads);
    return this.description.decoder === "gaussian" ? output : output.map((l) => 1 / (1 + Math.exp(-l)));
  }

  /** Two numbers a sample, in nats: log p(x|u) by importance sampling, and the evidence lower bound. */
  likelihoods(data: Float32Array, conditions: PassConditions, threads = 1): Float32Array {
    return runPass(this, "likelihoods", data, threads, conditions);
  }

  /** The gradient with respect to data of a function of the means of q(z|x); of a network that needs no labels. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    const { features, latents } = this.description;
    const encode = (context: Context, x: Tensor) => {
      const none = { pointer: 0, samples: x.samples };
      const posterior = this.posterior(context, x, none);
      if (context.tape) {
        const spreads = posterior.slice(latents, posterior.channels);
        this.engine.kernels.fillZero(spreads.gradient, spreads.channels * spreads.channelStride);
        spreads.markGradientWritten();
      }
      return posterior.slice(0, latents);
    };
    return pullBackSamples(this.context, vector(features), data, encode, gradientOf);
  }

  /**
   * The class of each sample in kernel memory, or the numbers that stand for its condition; without conditions all are of
   * the first class.
   */
  classes(
    context: Context,
    conditions: PassConditions | undefined,
    from: number,
    samples: number,
  ): ClassLanes {
    const { inputs = 0 } = this.description;
    const { network } = this.tables;
    if (conditions instanceof Float32Array && network) {
      const rows = network.load(context, conditions.subarray(from * inputs, (from + samples) * inputs));
      return { pointer: 0, samples, rows };
    }
    const labels = conditions as Int32Array | undefined;
    return putClasses(context, labels?.subarray(from, from + samples) ?? new Int32Array(samples));
  }
}

/** The last layers give 0, and what stands beside them the input itself. */
function startAsIdentity(parameters: Parameters, depth: number): void {
  const values = parameters.values();
  for (const { name, shape, offset, length } of parameters.entries()) {
    const own = values.subarray(offset, offset + length);
    if (name.startsWith("encoder.") || name.startsWith("decoder.")) {
      const last = name.split(".")[1] === String(depth);
      if (last) own.fill(0);
    }
    if (!name.endsWith(".skip.weight")) continue;
    own.fill(0);
    for (let i = 0; i < Math.min(shape[0], shape[1]); i++) own[i * shape[1] + i] = 1;
  }
}

function constantScale({ arena, memory }: Engine, features: number, variance: number): NoiseScale {
  const pointer = arena.allocate(4 * features);
  memory.floats(pointer, features).fill(0.5 * Math.log(variance));
  return { pointer, gradient: 0 };
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { allocate, type Context } from "../../engine/context.js";
import { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { elements, isVector, vector } from "../../engine/shape.js";
import type { Architecture } from "../../flows/architecture.js";
import type { FlowContext } from "../../flows/bijection.js";
import { buildFlow, initialiseFlow } from "../../flows/build.js";
import type { Composed } from "../../flows/composed.js";
import { pullBackSamples, type SampleMap } from "../../nn/batch.js";
import { Parameters } from "../../nn/parameters.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import type { ConditionalPrior } from "../../priors/prior.js";
import { TrainableGaussian } from "../../priors/trainable-gaussian.js";
import type { NetworkDescription, TrainedNetwork } from "../trained/network.js";
import { runPass } from "../trained/passes.js";
import { networkTensors, restoreTensors } from "./file.js";
import { type GinPass, ginPasses } from "./passes.js";

/** What it takes to build a network; the permutations are drawn from the seed or read from a file. */
export interface GinDescription extends NetworkDescription {
  readonly architecture: Architecture;
  readonly prior: "trainable" | "empirical";
  readonly classes: number;
  readonly seed: number;
  readonly permutations?: Readonly<Record<string, Int32Array>>;
}

/** A flow and its prior in an engine of their own. Works on preprocessed data. */
export class GinNetwork implements TrainedNetwork<GinDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);
  readonly features: number;
  readonly flowParameters: number;
  readonly priorParameters: number;
  /** Where the prior's parameters start in the parameter vector. */
  readonly priorOffset: number;

  private constructor(
    readonly description: GinDescription,
    readonly engine: Engine,
    readonly parameters: Parameters,
    readonly flow: Composed,
    readonly prior: ConditionalPrior,
  ) {
    this.features = elements(flow.output);
    const lengths = parameters.entries().map(({ name, length }) => (name.startsWith("flow.") ? length : 0));
    this.flowParameters = lengths.reduce((sum, length) => sum + length, 0);
    this.priorParameters = parameters.count - this.flowParameters;
    this.priorOffset = 8 * Math.ceil(this.flowParameters / 8);
  }

  /**
   * Builds a network with freshly initialised weights, which starts as the identity up to permutations; with
   * `initialise: false` weights are zero, to be restored.
   */
  static async create(description: GinDescription, { initialise = true } = {}): Promise<GinNetwork> {
    const engine = await Engine.create({ build: description.build });
    const { architecture, classes, seed } = description;
    const parameters = new Parameters();
    const orders = new Random(seed, "permutations");
    const flow = buildFlow(architecture, parameters, (name, channels) => {
      const drawn = orders.permutation(channels);
      return description.permutations?.[`${name}.order`] ?? drawn;
    });
    const features = elements(flow.output);
    parameters.startGroup();
    const prior =
      description.prior === "trainable"
        ? new TrainableGaussian(parameters, classes, features)
        : new EmpiricalGaussian(classes, features);
    parameters.materialise(engine.memory, engine.arena);
    if (initialise) {
      initialiseFlow(parameters, new Random(seed, "weights"), {
        scheme: isVector(architecture.input) ? "uniform" : "xavier",
        identity: true,
      });
    }
    return new GinNetwork(description, engine, parameters, flow, prior);
  }

  get context(): Context {
    return { engine: this.engine };
  }

  get longestSum(): number {
    return Math.max(this.parameters.length, this.prior.classes * this.prior.features);
  }

  tensors(): Record<string, FileTensor> {
    return networkTensors(this);
  }

  restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void {
    restoreTensors(this, tensors, name);
  }

  pass(name: GinPass): SampleMap {
    return ginPasses[name](this);
  }

  /** Latents of preprocessed data, [sample][feature]; the same bits at any number of threads. */
  encode(data: Float32Array, threads = 1): Float32Array {
    return runPass(this, "encode", data, threads);
  }

  /**
   * The gradient with respect to preprocessed data of a function of the latents whose gradient with respect to them
   * is `gradientOf`, [sample][feature]; see {@link pullBackSamples}.
   */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    const { flow, context } = this;
    return pullBackSamples(context, flow.input, data, (taped, x) => flow.forward(taped, x), gradientOf);
  }

  /** Preprocessed data of latents; the inverse of `encode`. */
  decode(latents: Float32Array, threads = 1): Float32Array {
    return runPass(this, "decode", latents, threads);
  }

  /** Log-determinant of each sample of preprocessed data; zero for a flow that preserves volume. */
  logDeterminants(data: Float32Array, threads = 1): Float32Array {
    const { flow } = this;
    if (flow.preservesVolume) return new Float32Array(data.length / elements(flow.input));
    return runPass(this, "logDeterminants", data, threads);
  }

  /** Adds a zeroed log-determinant to a context where the flow changes volume. */
  withLogDeterminant(context: Context, samples: number): FlowContext {
    if (this.flow.preservesVolume) return context;
    const logDeterminant = allocate(context, vector(1), samples);
    this.engine.kernels.fillZero(logDeterminant.pointer, logDeterminant.inner);
    return { ...context, logDeterminant };
  }
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { allocate, type Context } from "../../engine/context.js";
import type { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { elements, isVector, vector } from "../../engine/shape.js";
import type { Architecture } from "../../flows/architecture.js";
import type { FlowContext } from "../../flows/bijection.js";
import { buildFlow, initialiseFlow } from "../../flows/build.js";
import type { Composed } from "../../flows/composed.js";
import { pullBackSamples, type SampleMap } from "../../nn/batch.js";
import type { Parameters } from "../../nn/parameters.js";
import type { NetworkDescription, TrainedNetwork } from "../trained/network.js";
import { runPass } from "../trained/passes.js";
import { type FlowPass, flowPasses } from "./passes.js";

/** What it takes to build a network with a flow; the permutations are drawn from the seed or read from a file. */
export interface FlowDescription extends NetworkDescription {
  readonly architecture: Architecture;
  readonly seed: number;
  readonly permutations?: Readonly<Record<string, Int32Array>>;
}

/** Declares the parameters of a network's flow, named `flow.*`. */
export function declareFlow(
  { architecture, seed, permutations }: FlowDescription,
  parameters: Parameters,
): Composed {
  const orders = new Random(seed, "permutations");
  return buildFlow(architecture, parameters, (name, channels) => {
    const drawn = orders.permutation(channels);
    return permutations?.[`${name}.order`] ?? drawn;
  });
}

/** Gives a flow fresh weights, with which it is the identity up to permutations. */
export function startFlow({ architecture, seed }: FlowDescription, parameters: Parameters): void {
  initialiseFlow(parameters, new Random(seed, "weights"), {
    scheme: isVector(architecture.input) ? "uniform" : "xavier",
    identity: true,
  });
}

/**
 * A flow in an engine of its own, and beside it whatever it is trained against, whose parameters follow the flow's in
 * a group of their own. Works on preprocessed data.
 */
export abstract class FlowNetwork<D extends FlowDescription = FlowDescription> implements TrainedNetwork<D> {
  abstract readonly workerModule: URL;
  abstract readonly longestSum: number;
  readonly features: number;
  readonly flowParameters: number;
  readonly priorParameters: number;
  /** Where the prior's parameters start in the parameter vector. */
  readonly priorOffset: number;

  protected constructor(
    readonly description: D,
    readonly engine: Engine,
    readonly parameters: Parameters,
    readonly flow: Composed,
  ) {
    this.features = elements(flow.output);
    const lengths = parameters.entries().map(({ name, length }) => (name.startsWith("flow.") ? length : 0));
    this.flowParameters = lengths.reduce((sum, length) => sum + length, 0);
    this.priorParameters = parameters.count - this.flowParameters;
    this.priorOffset = 8 * Math.ceil(this.flowParameters / 8);
  }

  abstract tensors(): Record<string, FileTensor>;
  abstract restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void;

  get context(): Context {
    return { engine: this.engine };
  }

  pass(name: FlowPass): SampleMap {
    return flowPasses[name](this);
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

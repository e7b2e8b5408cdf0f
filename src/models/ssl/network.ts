import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { Context } from "../../engine/context.js";
import { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { elements, vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import { initialiseFlow } from "../../flows/build.js";
import { mapSamples } from "../../nn/batch.js";
import { declareMlp } from "../../nn/mlp.js";
import { Parameters } from "../../nn/parameters.js";
import { declareFlow, type FlowDescription, FlowNetwork, startFlow } from "../flow/network.js";
import { parameterTensors, permutationTensors, restoreParameters } from "../flow/tensors.js";
import type { SetStatistics } from "./set-statistics.js";

/** What it takes to build a network. */
export interface SslDescription extends FlowDescription {
  readonly setStatistics: SetStatistics;
}

/** Hidden units of the encoder's two hidden layers. */
const encoderWidth = (features: number): number => Math.min(512, Math.max(64, features));

/** A flow, and where it is asked for an encoder that predicts the Gaussian of a sample's set. */
export class SslNetwork extends FlowNetwork<SslDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);

  private constructor(
    description: SslDescription,
    engine: Engine,
    parameters: Parameters,
    flow: FlowNetwork["flow"],
    private readonly encoder: ReturnType<typeof declareMlp> | undefined,
  ) {
    super(description, engine, parameters, flow);
  }

  /**
   * Builds a network with fresh weights, whose flow is the identity up to permutations and whose encoder predicts
   * standard normal latents; with `initialise: false` weights are zero, to be restored.
   */
  static async create(description: SslDescription, { initialise = true } = {}): Promise<SslNetwork> {
    const engine = await Engine.create(description);
    const parameters = new Parameters();
    const flow = declareFlow(description, parameters);
    const features = elements(flow.output);
    parameters.startGroup();
    const width = encoderWidth(features);
    const encoder =
      description.setStatistics === "encoder"
        ? declareMlp(parameters, "encoder", [features, width, width, 2 * features])
        : undefined;
    parameters.materialise(engine);
    if (initialise) {
      startFlow(description, parameters);
      const random = new Random(description.seed, "encoder weights");
      initialiseFlow(parameters, random, { scheme: "uniform", identity: true, prefix: "encoder." });
    }
    return new SslNetwork(description, engine, parameters, flow, encoder);
  }

  get longestSum(): number {
    return this.parameters.length;
  }

  /** Means, then log standard deviations, of the sets of samples x, [feature][sample]; undefined without an encoder. */
  predict(context: Context, x: Tensor | undefined): Tensor | undefined {
    return x && this.encoder?.(context, x);
  }

  /** The same of preprocessed data, [sample][2 features]; undefined without an encoder. */
  predictions(data: Float32Array): Float32Array | undefined {
    if (!this.encoder) return undefined;
    const map = {
      input: vector(this.features),
      output: vector(2 * this.features),
      apply: (x: Tensor) => this.predict(this.context, x) as Tensor,
    };
    return mapSamples(this.context, map, data);
  }

  tensors(): Record<string, FileTensor> {
    return { ...parameterTensors(this), ...permutationTensors(this) };
  }

  restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void {
    restoreParameters(this, tensors, name);
  }
}

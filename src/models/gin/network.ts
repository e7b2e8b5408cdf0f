import type { Tensor as FileTensor } from "../../data/safetensors.js";
import { Engine } from "../../engine/engine.js";
import { elements } from "../../engine/shape.js";
import { Parameters } from "../../nn/parameters.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import type { ConditionalPrior } from "../../priors/prior.js";
import { TrainableGaussian } from "../../priors/trainable-gaussian.js";
import { declareFlow, type FlowDescription, FlowNetwork, startFlow } from "../flow/network.js";
import { networkTensors, restoreTensors } from "./file.js";

/** What it takes to build a network. */
export interface GinDescription extends FlowDescription {
  readonly prior: "trainable" | "empirical";
  readonly classes: number;
}

/** A flow and its prior in an engine of their own. Works on preprocessed data. */
export class GinNetwork extends FlowNetwork<GinDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);

  private constructor(
    description: GinDescription,
    engine: Engine,
    parameters: Parameters,
    flow: FlowNetwork["flow"],
    readonly prior: ConditionalPrior,
  ) {
    super(description, engine, parameters, flow);
  }

  /**
   * Builds a network with freshly initialised weights, which starts as the identity up to permutations; with
   * `initialise: false` weights are zero, to be restored.
   */
  static async create(description: GinDescription, { initialise = true } = {}): Promise<GinNetwork> {
    const engine = await Engine.create({ build: description.build });
    const { classes } = description;
    const parameters = new Parameters();
    const flow = declareFlow(description, parameters);
    const features = elements(flow.output);
    parameters.startGroup();
    const prior =
      description.prior === "trainable"
        ? new TrainableGaussian(parameters, classes, features)
        : new EmpiricalGaussian(classes, features);
    parameters.materialise(engine.memory, engine.arena);
    if (initialise) startFlow(description, parameters);
    return new GinNetwork(description, engine, parameters, flow, prior);
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
}

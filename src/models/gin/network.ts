import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { LatentFamily } from "../../distributions/latent-family.js";
import { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { elements } from "../../engine/shape.js";
import { initialiseLayers } from "../../nn/initialise.js";
import { Parameters } from "../../nn/parameters.js";
import { EmpiricalGaussian } from "../../priors/empirical-gaussian.js";
import { NetworkGaussian } from "../../priors/network-gaussian.js";
import type { TablePrior } from "../../priors/prior.js";
import { TrainablePrior } from "../../priors/trainable-prior.js";
import { declareFlow, type FlowDescription, FlowNetwork, startFlow } from "../flow/network.js";
import { networkTensors, restoreTensors } from "./tensors.js";

/** Tables of each class, learned or statistics of mini-batches; or a network of the condition. */
export type PriorKind = "trainable" | "empirical" | "network";

/** What it takes to build a network. */
export interface GinDescription extends FlowDescription {
  readonly prior: PriorKind;
  /** Default: normal. */
  readonly latent?: LatentFamily | undefined;
  readonly classes: number;
  /** Of a condition that is a point: the numbers that stand for it, which the network of the prior takes. */
  readonly inputs?: number | undefined;
}

function createPrior(
  { prior, latent, classes, inputs }: GinDescription,
  parameters: Parameters,
  features: number,
): TablePrior | NetworkGaussian {
  if (prior === "network") return new NetworkGaussian(parameters, { inputs: inputs as number, features });
  return prior === "trainable"
    ? new TrainablePrior(parameters, classes, features, latent)
    : new EmpiricalGaussian(classes, features);
}

/** A flow and its prior in an engine of their own. Works on preprocessed data. */
export class GinNetwork extends FlowNetwork<GinDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);

  private constructor(
    description: GinDescription,
    engine: Engine,
    parameters: Parameters,
    flow: FlowNetwork["flow"],
    readonly prior: TablePrior | NetworkGaussian,
  ) {
    super(description, engine, parameters, flow);
  }

  /**
   * Builds a network with freshly initialised weights, which starts as the identity up to permutations; with
   * `initialise: false` weights are zero, to be restored.
   */
  static async create(description: GinDescription, { initialise = true } = {}): Promise<GinNetwork> {
    const engine = await Engine.create(description);
    const parameters = new Parameters();
    const flow = declareFlow(description, parameters);
    const features = elements(flow.output);
    parameters.startGroup();
    const prior = createPrior(description, parameters, features);
    parameters.materialise(engine);
    if (initialise) {
      startFlow(description, parameters);
      initialiseLayers(parameters, new Random(description.seed, "prior weights"), "prior.network");
    }
    return new GinNetwork(description, engine, parameters, flow, prior);
  }

  get longestSum(): number {
    return Math.max(this.parameters.length, this.description.classes * this.features);
  }

  /** The prior that has tables. Throws Error for one that is a network. */
  get tables(): TablePrior {
    if (this.prior instanceof NetworkGaussian) throw new Error("This prior is a network of the condition.");
    return this.prior;
  }

  /** Means and log standard deviations of the latents under conditions that are points, both [sample][feature]. */
  priorAt(conditions: Float32Array): { readonly mean: Float32Array; readonly logSigma: Float32Array } {
    if (!(this.prior instanceof NetworkGaussian))
      throw new Error("This prior is no network of the condition.");
    return this.prior.network.tables(this.context, conditions);
  }

  tensors(): Record<string, FileTensor> {
    return networkTensors(this);
  }

  restore(tensors: Readonly<Record<string, FileTensor>>, name: string): void {
    restoreTensors(this, tensors, name);
  }
}

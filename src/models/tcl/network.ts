import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { Context } from "../../engine/context.js";
import { Engine } from "../../engine/engine.js";
import { Random } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import { activate } from "../../nn/activation.js";
import { pullBackSamples, type SampleMap } from "../../nn/batch.js";
import { initialise } from "../../nn/initialise.js";
import { declareLinear, type LinearLayer, linear } from "../../nn/linear.js";
import { declareMaxout } from "../../nn/maxout.js";
import { Parameters } from "../../nn/parameters.js";
import { floatTensor } from "../float-tensor.js";
import type { NetworkDescription, TrainedNetwork } from "../trained/network.js";
import { runPass } from "../trained/passes.js";

/** What it takes to build a network. */
export interface TclDescription extends NetworkDescription {
  /** Values of a preprocessed sample. */
  readonly features: number;
  readonly latents: number;
  readonly classes: number;
  /** Maxout units of a hidden layer, hidden layers, and pieces of a unit. */
  readonly width: number;
  readonly depth: number;
  readonly pieces: number;
  readonly seed: number;
}

export type TclPass = "encode" | "classify";

/** A feature extractor and a regression of the class on its features, in an engine of their own. */
export class TclNetwork implements TrainedNetwork<TclDescription> {
  readonly workerModule = new URL("./worker.js", import.meta.url);

  private constructor(
    readonly description: TclDescription,
    readonly engine: Engine,
    readonly parameters: Parameters,
    private readonly hidden: readonly ReturnType<typeof declareMaxout>[],
    private readonly last: LinearLayer,
    private readonly regression: LinearLayer,
  ) {}

  /** Builds a network with fresh weights, or with `initialise: false` with zeros, to be restored. */
  static async create(description: TclDescription, { initialise: isFresh = true } = {}): Promise<TclNetwork> {
    const { features, latents, classes, width, depth, pieces, seed } = description;
    const engine = await Engine.create(description);
    const parameters = new Parameters();
    const hidden = Array.from({ length: depth }, (_, k) =>
      declareMaxout(parameters, `extractor.${k}`, k === 0 ? features : width, width, pieces),
    );
    const last = declareLinear(parameters, `extractor.${depth}`, depth === 0 ? features : width, latents);
    const regression = declareLinear(parameters, "regression", latents, classes);
    parameters.materialise(engine);
    if (isFresh) initialiseLayers(parameters, new Random(seed, "weights"));
    return new TclNetwork(description, engine, parameters, hidden, last, regression);
  }

  get context(): Context {
    return { engine: this.engine };
  }

  get longestSum(): number {
    return this.parameters.length;
  }

  /** Features of data: absolute values, by which the class is told. */
  extract(context: Context, x: Tensor): Tensor {
    const y = linear(
      context,
      this.last,
      this.hidden.reduce((value, layer) => layer(context, value), x),
      false,
    );
    activate(context, y, "absolute");
    return y;
  }

  /** Log-odds of the classes. */
  classify(context: Context, x: Tensor): Tensor {
    return linear(context, this.regression, this.extract(context, x), false);
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

  pass(name: TclPass): SampleMap {
    const { features, latents, classes, width, depth, pieces } = this.description;
    const held = depth * width * (pieces + 1) + features + latents + classes;
    const apply = (x: Tensor) =>
      name === "encode" ? this.extract(this.context, x) : this.classify(this.context, x);
    return { input: vector(features), output: vector(name === "encode" ? latents : classes), held, apply };
  }

  /** Features of preprocessed data, [sample][latent]; the same bits at any number of threads. */
  encode(data: Float32Array, threads = 1): Float32Array {
    return runPass(this, "encode", data, threads);
  }

  /** The class that each sample of preprocessed data most probably is of. */
  classesOf(data: Float32Array, threads = 1): Int32Array {
    const { classes, features } = this.description;
    const logits = runPass(this, "classify", data, threads);
    return Int32Array.from({ length: data.length / features }, (_, sample) => {
      const own = logits.subarray(sample * classes, (sample + 1) * classes);
      return own.indexOf(Math.max(...own));
    });
  }

  /** The gradient with respect to preprocessed data of a function of the features. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    const extract = (context: Context, x: Tensor) => this.extract(context, x);
    return pullBackSamples(this.context, vector(this.description.features), data, extract, gradientOf);
  }
}

/** Weights and biases as PyTorch draws them. */
function initialiseLayers(parameters: Parameters, random: Random): void {
  const values = parameters.values();
  const entries = parameters.entries();
  for (const { name, offset, length } of entries) {
    const part = name.endsWith(".weight") ? "weight" : "bias";
    const weight = entries.find((entry) => entry.name === name.replace(/bias$/, "weight"));
    if (weight) initialise(values.subarray(offset, offset + length), weight.shape, part, "uniform", random);
  }
}

import type { Tensor as FileTensor } from "../../data/safetensors.js";
import type { Context } from "../../engine/context.js";
import { Engine } from "../../engine/engine.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import { mapSamples, pullBackSamples } from "../../nn/batch.js";
import { declareLinear, type LinearLayer, linear } from "../../nn/linear.js";
import { Parameters } from "../../nn/parameters.js";
import { floatTensor } from "../float-tensor.js";

/** Two dense layers in an engine of their own: from preprocessed data to latents, and back. */
export class LinearMap {
  private constructor(
    readonly columns: number,
    readonly latents: number,
    private readonly engine: Engine,
    private readonly parameters: Parameters,
    private readonly unmixing: LinearLayer,
    private readonly mixing: LinearLayer,
  ) {}

  /** Builds the layers from their tensors; `name` is what messages call the file. Throws InputError. */
  static async create(
    columns: number,
    latents: number,
    tensors: Readonly<Record<string, FileTensor>>,
    name: string,
  ): Promise<LinearMap> {
    const engine = await Engine.create();
    const parameters = new Parameters();
    const unmixing = declareLinear(parameters, "unmixing", columns, latents);
    const mixing = declareLinear(parameters, "mixing", latents, columns);
    parameters.materialise(engine);
    for (const { name: tensor, shape, offset } of parameters.entries()) {
      parameters.values().set(floatTensor(tensors, tensor, shape, name), offset);
    }
    return new LinearMap(columns, latents, engine, parameters, unmixing, mixing);
  }

  /** Latents of preprocessed data, [sample][latent]. */
  encode(data: Float32Array): Float32Array {
    return this.apply(this.unmixing, data);
  }

  /** Preprocessed data of latents, [sample][column]. */
  decode(latents: Float32Array): Float32Array {
    return this.apply(this.mixing, latents);
  }

  /** The gradient with respect to preprocessed data; see {@link pullBackSamples}. */
  pullBack(
    data: Float32Array,
    gradientOf: (latents: Float32Array, from: number) => Float32Array,
  ): Float32Array {
    const encode = (context: Context, x: Tensor) => linear(context, this.unmixing, x, false);
    return pullBackSamples({ engine: this.engine }, vector(this.columns), data, encode, gradientOf);
  }

  /** The layers under their names in PyTorch's layout. */
  tensors(): Record<string, FileTensor> {
    const values = this.parameters.values();
    return Object.fromEntries(
      this.parameters.entries().map(({ name, shape, offset, length }) => {
        return [name, { shape, data: values.slice(offset, offset + length) }];
      }),
    );
  }

  private apply(layer: LinearLayer, data: Float32Array): Float32Array {
    const context = { engine: this.engine };
    const [outputs, inputs] = layer.weight.shape;
    const apply = (x: Tensor) => linear(context, layer, x, false);
    return mapSamples(context, { input: vector(inputs), output: vector(outputs), apply }, data);
  }
}

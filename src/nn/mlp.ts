import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import { declareLinear, linear } from "./linear.js";
import type { Parameters } from "./parameters.js";

/**
 * Declares an MLP with the given widths, input first, and returns it as a function: ReLU after all layers but the
 * last. Parameters are named `NAME.0.weight`, `NAME.0.bias`, `NAME.1.weight`, ...
 */
export function declareMlp(
  parameters: Parameters,
  name: string,
  widths: readonly number[],
): (context: Context, x: Tensor) => Tensor {
  const layers = widths
    .slice(1)
    .map((outputs, index) => declareLinear(parameters, `${name}.${index}`, widths[index], outputs));
  return (context, x) =>
    layers.reduce((value, layer, index) => linear(context, layer, value, index < layers.length - 1), x);
}

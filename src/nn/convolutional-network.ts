import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import { convolutions, declareConvolution } from "./convolution.js";
import type { Parameters } from "./parameters.js";

/**
 * Declares a stack of 3x3 convolutions with the given channel counts, input first, and returns it as a function:
 * ReLU after all layers but the last. Parameters are named as those of an MLP.
 */
export function declareConvolutionalNetwork(
  parameters: Parameters,
  name: string,
  channels: readonly number[],
): (context: Context, x: Tensor) => Tensor {
  const layers = channels
    .slice(1)
    .map((outputs, index) => declareConvolution(parameters, `${name}.${index}`, channels[index], outputs));
  return (context, x) => convolutions(context, layers, x);
}

import { allocate, type Context } from "../engine/context.js";
import { vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import { declareLinear, linear } from "./linear.js";
import type { Parameters } from "./parameters.js";

/**
 * Declares a maxout layer (Goodfellow et al. 2013): each output is the largest of `pieces` linear functions of the inputs.
 * `NAME.weight` and `NAME.bias` hold the first piece of every output, then the second, and so on.
 */
export function declareMaxout(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
  pieces: number,
): (context: Context, x: Tensor) => Tensor {
  const layer = declareLinear(parameters, name, inputs, pieces * outputs);
  return (context, x) => maxout(context, linear(context, layer, x, false), pieces);
}

/** y_j = max over p of x_{p width + j}. */
function maxout(context: Context, x: Tensor, pieces: number): Tensor {
  const { kernels } = context.engine;
  const width = x.channels / pieces;
  const y = allocate(context, vector(width), x.samples);
  kernels.maxout(x.pointer, x.channelStride, y.pointer, y.channelStride, pieces, width, x.inner);
  context.tape?.record(() => {
    kernels.maxoutGradient(
      x.pointer,
      x.gradient,
      x.channelStride,
      y.pointer,
      y.gradient,
      y.channelStride,
      pieces,
      width,
      x.inner,
    );
    x.markGradientWritten();
  });
  return y;
}

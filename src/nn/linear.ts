import { allocate, type Context } from "../engine/context.js";
import { vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Parameter, Parameters } from "./parameters.js";

/** A dense layer: weight [out][in] and bias [out]. */
export interface LinearLayer {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

export function declareLinear(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
): LinearLayer {
  return {
    weight: parameters.declare(`${name}.weight`, [outputs, inputs]),
    bias: parameters.declare(`${name}.bias`, [outputs]),
  };
}

/** y = W x + b, then ReLU where `rectify` is set. x is (in), y is (out). */
export function linear(context: Context, layer: LinearLayer, x: Tensor, rectify: boolean): Tensor {
  const y = allocate(context, vector(layer.weight.shape[0]), x.samples, { rectified: rectify, lent: true });
  multiply(context, layer, x, y, { isOutput: true });
  return y;
}

interface Weights {
  readonly weight: Parameter;
  readonly bias?: Parameter | undefined;
}

/** y += W x. x is (in), y is (out). */
export function addLinear(context: Context, weight: Parameter, x: Tensor, y: Tensor): void {
  multiply(context, { weight }, x, y, { isOutput: false });
}

/** y = W x + b, rectified where y says so; or, where y is the output of something else, added to it. */
function multiply(
  context: Context,
  { weight, bias }: Weights,
  x: Tensor,
  y: Tensor,
  { isOutput }: { readonly isOutput: boolean },
): void {
  const { kernels } = context.engine;
  const [outputs, inputs] = weight.shape;
  kernels.linear(
    weight.pointer,
    inputs,
    1,
    bias?.pointer ?? 0,
    x.pointer,
    x.channelStride,
    y.pointer,
    y.channelStride,
    outputs,
    inputs,
    x.inner,
    y.rectified ? 1 : 0,
    0,
    0,
    isOutput ? 0 : 1,
  );
  const backward = () => {
    if (!context.frozen) addWeightGradient(context, { weight, bias }, x, y);
    if (!x.hasGradient) return;
    kernels.linear(
      weight.pointer,
      1,
      inputs,
      0,
      y.gradient,
      y.channelStride,
      x.gradient,
      x.channelStride,
      inputs,
      outputs,
      x.inner,
      0,
      x.rectified ? x.pointer : 0,
      x.channelStride,
      x.gradientWritten ? 1 : 0,
    );
    x.markGradientWritten();
  };
  context.tape?.record(backward, isOutput ? y : undefined);
}

/** From so many weights on, their gradient does not stay in the cache that a core has for itself. */
const MANY_WEIGHTS = 65_536;

/** dW += dy x^T, db += the sums of dy. */
function addWeightGradient({ engine }: Context, { weight, bias }: Weights, x: Tensor, y: Tensor): void {
  const { kernels, arena } = engine;
  const [outputs, inputs] = weight.shape;
  const operands = [y.gradient, y.channelStride, x.pointer, x.channelStride, weight.gradient] as const;
  const sizes = [bias?.gradient ?? 0, outputs, inputs, x.inner] as const;
  if (outputs * inputs < MANY_WEIGHTS || inputs % 8 !== 0) {
    kernels.linearWeightGradient(...operands, ...sizes);
    return;
  }
  const mark = arena.mark();
  kernels.linearWeightGradientByRows(...operands, ...sizes, arena.allocate(4 * inputs * x.channelStride));
  arena.release(mark);
}

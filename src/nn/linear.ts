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
  const y = allocate(context, vector(layer.weight.shape[0]), x.samples, { rectified: rectify });
  multiply(context, layer, x, y, { accumulate: false });
  return y;
}

/** y += W x. x is (in), y is (out). */
export function addLinear(context: Context, weight: Parameter, x: Tensor, y: Tensor): void {
  multiply(context, { weight }, x, y, { accumulate: true });
}

/** y = W x + b, rectified where y says so, or added to y. */
function multiply(
  context: Context,
  { weight, bias }: { readonly weight: Parameter; readonly bias?: Parameter },
  x: Tensor,
  y: Tensor,
  { accumulate }: { readonly accumulate: boolean },
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
    accumulate ? 1 : 0,
  );
  context.tape?.record(() => {
    if (!context.frozen) {
      kernels.linearWeightGradient(
        y.gradient,
        y.channelStride,
        x.pointer,
        x.channelStride,
        weight.gradient,
        bias?.gradient ?? 0,
        outputs,
        inputs,
        x.inner,
      );
    }
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
  });
}

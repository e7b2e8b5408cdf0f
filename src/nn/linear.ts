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
  const { kernels } = context.engine;
  const [outputs, inputs] = layer.weight.shape;
  const y = allocate(context, vector(outputs), x.samples, { rectified: rectify });
  kernels.linear(
    layer.weight.pointer,
    inputs,
    1,
    layer.bias.pointer,
    x.pointer,
    x.channelStride,
    y.pointer,
    y.channelStride,
    outputs,
    inputs,
    x.inner,
    rectify ? 1 : 0,
    0,
    0,
    0,
  );
  context.tape?.record(() => {
    if (!context.frozen) {
      kernels.linearWeightGradient(
        y.gradient,
        y.channelStride,
        x.pointer,
        x.channelStride,
        layer.weight.gradient,
        layer.bias.gradient,
        outputs,
        inputs,
        x.inner,
      );
    }
    if (!x.hasGradient) return;
    kernels.linear(
      layer.weight.pointer,
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
  return y;
}

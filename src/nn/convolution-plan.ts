import type { Kernels } from "../engine/kernels.js";
import type { Shape } from "../engine/shape.js";
import {
  type BackwardMethod,
  backwardOfSevens,
  direct,
  directGradient,
  type ForwardMethod,
  forward,
  forwardOfSevens,
  type Sizes,
  separately,
  winograd,
  winogradGradient,
} from "./convolution-methods.js";
import type { Parameter } from "./parameters.js";

/** A 3x3 convolution with padding 1: weight [out][in][3][3] and bias [out]. */
export interface ConvolutionLayer {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/** How a layer is computed: its output, and the gradients of its input and its weights. */
export interface ConvolutionPlan extends ConvolutionLayer {
  readonly outputs: number;
  readonly inputs: number;
  readonly forward: ForwardMethod;
  readonly backward: BackwardMethod;
}

/**
 * Chooses between the direct kernels and Winograd's. On images whose sides are multiples of 7, his in tiles of 7x7
 * pixels, where there are channels enough to pay for the transforms: a product of two channels spares 360 multiply-adds
 * for 49 pixels, and a channel's transform takes as long as 620. Otherwise his in smaller tiles, from 4 channels on
 * both sides, and for the weight gradient already from 2 inputs on.
 */
export function planConvolution(kernels: Kernels, layer: ConvolutionLayer, shape: Shape): ConvolutionPlan {
  const [outputs, inputs] = layer.weight.shape;
  const sizes: Sizes = { outputs, inputs, height: shape.height, width: shape.width };
  const plan = { ...layer, outputs, inputs };
  const sevens = shape.height % 7 === 0 && shape.width % 7 === 0;
  if (sevens && 360 * outputs * inputs > 620 * (outputs + inputs)) {
    return { ...plan, forward: forwardOfSevens(kernels, sizes), backward: backwardOfSevens(kernels, sizes) };
  }
  const method = outputs >= 4 && inputs >= 4 ? winograd(kernels) : direct(kernels);
  const gradient = outputs >= 4 && inputs >= 2 ? winogradGradient(kernels) : directGradient(kernels);
  return { ...plan, forward: forward(method, sizes), backward: separately(method, gradient, sizes) };
}

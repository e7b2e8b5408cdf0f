import type { Kernels } from "../engine/kernels.js";
import type { Parameter } from "./parameters.js";

/** A 3x3 convolution with padding 1: weight [out][in][3][3] and bias [out]. */
export interface ConvolutionLayer {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/** How a layer is computed: its output, the gradient of its input, and that of its weights. */
export interface ConvolutionPlan extends ConvolutionLayer {
  readonly outputs: number;
  readonly inputs: number;
  readonly forward: ConvolutionMethod;
  readonly backward: ConvolutionMethod;
  readonly gradient: GradientMethod;
}

export interface ConvolutionMethod {
  readonly weightBytes: Kernels["convolutionDirectWeightBytes"];
  readonly prepare: Kernels["convolutionDirectWeights"];
  readonly run: Kernels["convolutionDirect"];
  readonly scratch: Kernels["convolutionDirectScratch"];
}

export interface GradientMethod {
  /** 0 where the gradient is added to directly. */
  readonly sumBytes: Kernels["convolutionWinogradSumBytes"];
  readonly run: Kernels["convolutionWinogradWeightGradient"];
  readonly end: Kernels["convolutionWinogradWeightGradientEnd"];
  readonly scratch: Kernels["convolutionWinogradWeightGradientScratch"];
}

/**
 * Chooses between the direct kernels and Winograd's: his pay from 4 channels on both sides, and for the weight
 * gradient already from 2 inputs on.
 */
export function planConvolution(kernels: Kernels, layer: ConvolutionLayer): ConvolutionPlan {
  const [outputs, inputs] = layer.weight.shape;
  const direct: ConvolutionMethod = {
    weightBytes: kernels.convolutionDirectWeightBytes,
    prepare: kernels.convolutionDirectWeights,
    run: kernels.convolutionDirect,
    scratch: kernels.convolutionDirectScratch,
  };
  const winograd: ConvolutionMethod = {
    weightBytes: kernels.convolutionWinogradWeightBytes,
    prepare: kernels.convolutionWinogradWeights,
    run: kernels.convolutionWinograd,
    scratch: kernels.convolutionWinogradScratch,
  };
  const directGradient: GradientMethod = {
    sumBytes: () => 0,
    run: kernels.convolutionDirectWeightGradient,
    end: () => {},
    scratch: kernels.convolutionDirectScratch,
  };
  const winogradGradient: GradientMethod = {
    sumBytes: kernels.convolutionWinogradSumBytes,
    run: kernels.convolutionWinogradWeightGradient,
    end: kernels.convolutionWinogradWeightGradientEnd,
    scratch: kernels.convolutionWinogradWeightGradientScratch,
  };
  const both = outputs >= 4 && inputs >= 4;
  return {
    ...layer,
    outputs,
    inputs,
    forward: both ? winograd : direct,
    backward: both ? winograd : direct,
    gradient: outputs >= 4 && inputs >= 2 ? winogradGradient : directGradient,
  };
}

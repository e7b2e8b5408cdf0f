/** The kernels of convolutions; how they are described, `Kernels` says. */
export interface ConvolutionKernels {
  /**
   * 3x3 convolution with padding 1. Weights (and biases, 0: none) are prepared once for many calls; with `transposed`
   * the convolution gives the gradient of its input, and `outputs` are the layer's inputs. The first four say how
   * many bytes the prepared weights, or the scratch memory of a call, take. mask is 0 where there is none.
   */
  convolutionDirectWeightBytes(outputs: number, inputs: number): number;
  convolutionDirectScratch(outputs: number, inputs: number): number;
  convolutionWinogradWeightBytes(outputs: number, inputs: number): number;
  convolutionWinogradScratch(outputs: number, inputs: number): number;
  convolutionDirectWeights(
    weight: number,
    bias: number,
    prepared: number,
    outputs: number,
    inputs: number,
    transposed: number,
  ): void;
  convolutionWinogradWeights(
    weight: number,
    bias: number,
    prepared: number,
    outputs: number,
    inputs: number,
    transposed: number,
  ): void;
  convolutionDirect(
    weights: number,
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    rectify: number,
    mask: number,
    accumulate: number,
    scratch: number,
  ): void;
  convolutionWinograd(
    weights: number,
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    rectify: number,
    mask: number,
    accumulate: number,
    scratch: number,
  ): void;
  /** Adds to dWeight; scratch memory as convolutionDirectScratch says. */
  convolutionDirectWeightGradient(
    dy: number,
    dyGroupStride: number,
    x: number,
    xGroupStride: number,
    dWeight: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    scratch: number,
  ): void;
  /** Adds to sums in the Winograd domain, zero at first; the end of many calls adds them to dWeight. */
  convolutionWinogradSumBytes(outputs: number, inputs: number): number;
  convolutionWinogradWeightGradientScratch(outputs: number, inputs: number): number;
  convolutionWinogradWeightGradient(
    dy: number,
    dyGroupStride: number,
    x: number,
    xGroupStride: number,
    sums: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    scratch: number,
  ): void;
  convolutionWinogradWeightGradientEnd(sums: number, dWeight: number, outputs: number, inputs: number): void;
  /**
   * The same on images whose sides are multiples of 7, in tiles of 7x7 pixels; with `exchanged`, weights are for the
   * gradient of the input, which comes together with those of weights and biases. total, dx: 0 where it is not wanted;
   * fresh: total holds nothing yet; rectified: dx is 0 where x is not positive.
   */
  convolutionWinograd7WeightBytes(outputs: number, inputs: number): number;
  convolutionWinograd7Scratch(outputs: number, inputs: number): number;
  convolutionWinograd7Weights(
    weight: number,
    bias: number,
    prepared: number,
    outputs: number,
    inputs: number,
    exchanged: number,
  ): void;
  convolutionWinograd7(
    weights: number,
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    rectify: number,
    scratch: number,
  ): void;
  convolutionWinograd7SumBytes(outputs: number, inputs: number): number;
  convolutionWinograd7GradientsScratch(outputs: number, inputs: number): number;
  convolutionWinograd7Gradients(
    weights: number,
    dy: number,
    dyGroupStride: number,
    x: number,
    xGroupStride: number,
    total: number,
    fresh: number,
    dBias: number,
    dx: number,
    dxGroupStride: number,
    outputs: number,
    inputs: number,
    groups: number,
    height: number,
    width: number,
    rectified: number,
    accumulate: number,
    scratch: number,
  ): void;
  convolutionWinograd7WeightGradientEnd(
    total: number,
    dWeight: number,
    outputs: number,
    inputs: number,
  ): void;
  convolutionBiasGradient(
    dy: number,
    dyGroupStride: number,
    dBias: number,
    outputs: number,
    groups: number,
    height: number,
    width: number,
  ): void;
}

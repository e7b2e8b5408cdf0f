import type { ConvolutionKernels } from "../convolution-kernels.js";
import { floatBytes, type KernelCost, type KernelCosts, readIf, writes } from "./kernel-cost.js";

/** Images of a group, and taps of a filter. */
const GROUP = 4;
const TAPS = 9;

/** Products along a side in the Winograd domain: 6 for a tile of 4 pixels, 5 for one of 3. */
function productsAlong(side: number): number {
  const tiles = Math.ceil(side / 4);
  return 5 * tiles + Math.max(0, side - 3 * tiles);
}

/** A name, and the multiplications that each pair of an input and an output channel takes for one image. */
interface Method {
  readonly name: string;
  readonly products: (height: number, width: number) => number;
}

const direct: Method = { name: "direct", products: (height, width) => TAPS * height * width };
const winograd: Method = {
  name: "Winograd",
  products: (height, width) => productsAlong(height) * productsAlong(width),
};
const winograd7: Method = { name: "Winograd", products: (height, width) => (81 * height * width) / 49 };

const sizes: KernelCost = { operation: "convolution sizes", flops: 0, bytes: 0 };
const preparation = (outputs: number, inputs: number): KernelCost => ({
  operation: "convolution weights",
  flops: 0,
  bytes: floatBytes(2 * TAPS * outputs * inputs),
});

/** Convolutions. Which of them pass gradients back is known from the weights that were prepared for them. */
export function convolutionCosts(): KernelCosts<keyof ConvolutionKernels> {
  const transposedWeights = new Map<number, boolean>();

  const prepare: KernelCosts["convolutionDirectWeights"] = (
    _weight,
    _bias,
    prepared,
    outputs,
    inputs,
    transposed,
  ) => {
    transposedWeights.set(prepared, transposed !== 0);
    return preparation(outputs, inputs);
  };

  const convolution =
    ({ name, products }: Method): KernelCosts["convolutionDirect"] =>
    (
      weights,
      _x,
      _xGroupStride,
      _y,
      _yGroupStride,
      outputs,
      inputs,
      groups,
      height,
      width,
      _rectify,
      mask,
      accumulate,
    ) => {
      const images = GROUP * groups;
      const backward = transposedWeights.get(weights) === true;
      const channels = backward ? `${outputs} -> ${inputs}` : `${inputs} -> ${outputs}`;
      return {
        operation: `convolution ${backward ? "dX" : "forward"}, ${name}`,
        shape: `${channels}, ${height}x${width}`,
        flops: 2 * outputs * inputs * products(height, width) * images,
        bytes: floatBytes(
          TAPS * outputs * inputs +
            images * height * width * (inputs + outputs * (writes(accumulate) + readIf(mask))),
        ),
      };
    };

  const weightGradient =
    ({ name, products }: Method): KernelCosts["convolutionDirectWeightGradient"] =>
    (_dy, _dyGroupStride, _x, _xGroupStride, _dWeight, outputs, inputs, groups, height, width) => {
      const images = GROUP * groups;
      return {
        operation: `convolution dW, ${name}`,
        shape: `${inputs} -> ${outputs}, ${height}x${width}`,
        flops: 2 * outputs * inputs * products(height, width) * images,
        bytes: floatBytes(2 * TAPS * outputs * inputs + images * height * width * (inputs + outputs)),
      };
    };

  return {
    convolutionDirectWeightBytes: () => sizes,
    convolutionDirectScratch: () => sizes,
    convolutionWinogradWeightBytes: () => sizes,
    convolutionWinogradScratch: () => sizes,
    convolutionWinogradSumBytes: () => sizes,
    convolutionWinogradWeightGradientScratch: () => sizes,
    convolutionDirectWeights: prepare,
    convolutionWinogradWeights: prepare,
    convolutionDirect: convolution(direct),
    convolutionWinograd: convolution(winograd),
    convolutionDirectWeightGradient: weightGradient(direct),
    convolutionWinogradWeightGradient: weightGradient(winograd),
    convolutionWinogradWeightGradientEnd: (_sums, _dWeight, outputs, inputs) => preparation(outputs, inputs),
    convolutionWinograd7WeightBytes: () => sizes,
    convolutionWinograd7Scratch: () => sizes,
    convolutionWinograd7SumBytes: () => sizes,
    convolutionWinograd7GradientsScratch: () => sizes,
    convolutionWinograd7Weights: (weight, bias, prepared, outputs, inputs, exchanged) =>
      prepare(weight, bias, prepared, outputs, inputs, exchanged),
    convolutionWinograd7: (
      weights,
      x,
      xGroupStride,
      y,
      yGroupStride,
      outputs,
      inputs,
      groups,
      height,
      width,
      rectify,
      scratch,
    ) =>
      convolution(winograd7)(
        weights,
        x,
        xGroupStride,
        y,
        yGroupStride,
        outputs,
        inputs,
        groups,
        height,
        width,
        rectify,
        0,
        0,
        scratch,
      ),
    convolutionWinograd7Gradients: (
      _weights,
      _dy,
      _dyGroupStride,
      _x,
      _xGroupStride,
      total,
      _fresh,
      _dBias,
      dx,
      _dxGroupStride,
      outputs,
      inputs,
      groups,
      height,
      width,
      rectified,
      accumulate,
    ) => {
      const images = GROUP * groups;
      const gradients = [dx !== 0 && "dX", total !== 0 && "dW"].filter(Boolean);
      const x =
        Math.max(readIf(total), dx === 0 ? 0 : readIf(rectified)) + (dx === 0 ? 0 : writes(accumulate));
      return {
        operation: `convolution ${gradients.join(" and ")}, Winograd`,
        shape: `${inputs} -> ${outputs}, ${height}x${width}`,
        flops: 2 * outputs * inputs * winograd7.products(height, width) * images * gradients.length,
        bytes: floatBytes(
          gradients.length * TAPS * outputs * inputs + images * height * width * (inputs * x + outputs),
        ),
      };
    },
    convolutionWinograd7WeightGradientEnd: (_total, _dWeight, outputs, inputs) =>
      preparation(outputs, inputs),
    convolutionBiasGradient(_dy, _dyGroupStride, _dBias, outputs, groups, height, width) {
      const count = GROUP * groups * outputs * height * width;
      return { operation: "convolution bias", flops: count, bytes: floatBytes(count) };
    },
  };
}

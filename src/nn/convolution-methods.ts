import type { Kernels } from "../engine/kernels.js";

/** Images of some groups: the address of the first, and floats from group to group. */
export interface Images {
  readonly pointer: number;
  readonly groupStride: number;
}

interface Call {
  readonly groups: number;
  readonly scratch: number;
}

export interface ForwardCall extends Call {
  /** Prepared weights. */
  readonly weights: number;
  readonly x: Images;
  readonly y: Images;
  readonly rectify: boolean;
}

export interface BackwardCall extends Call {
  /** Prepared weights; needed only for dx. */
  readonly weights: number;
  readonly dy: Images;
  readonly x: Images;
  /** Where the weights' gradient is added up, and the biases'; absent: they are not wanted. */
  readonly sums?: number | undefined;
  /** The sums hold nothing yet. */
  readonly fresh: boolean;
  readonly dBias: number;
  /** Where the input's gradient goes; absent: it is not wanted. */
  readonly dx?: Images;
  /** x is the output of a ReLU: dx is 0 where x is not positive. */
  readonly rectified: boolean;
  /** dx is added to. */
  readonly accumulate: boolean;
}

/** Sizes are bytes, weights and biases addresses. */
export interface ForwardMethod {
  readonly weightBytes: number;
  readonly scratch: number;
  prepare(weight: number, bias: number, prepared: number): void;
  run(call: ForwardCall): void;
}

export interface BackwardMethod {
  readonly weightBytes: number;
  /** 0 where weight gradients are added to directly. */
  readonly sumBytes: number;
  readonly scratch: number;
  prepare(weight: number, prepared: number): void;
  run(call: BackwardCall): void;
  /** Adds the sums to the weights' gradient. */
  end(sums: number, dWeight: number): void;
}

/** A layer and its images. */
export interface Sizes {
  readonly outputs: number;
  readonly inputs: number;
  readonly height: number;
  readonly width: number;
}

/** Kernels for the output, and with the roles of outputs and inputs exchanged for the gradient of the input. */
export interface Method {
  readonly weightBytes: Kernels["convolutionDirectWeightBytes"];
  readonly prepare: Kernels["convolutionDirectWeights"];
  readonly run: Kernels["convolutionDirect"];
  readonly scratch: Kernels["convolutionDirectScratch"];
}

/** Kernels for the gradients of biases and weights. */
export interface GradientMethod {
  readonly bias: Kernels["convolutionBiasGradient"];
  readonly clear: Kernels["fillZero"];
  readonly sumBytes: Kernels["convolutionWinogradSumBytes"];
  readonly run: Kernels["convolutionWinogradWeightGradient"];
  readonly end: Kernels["convolutionWinogradWeightGradientEnd"];
  readonly scratch: Kernels["convolutionWinogradWeightGradientScratch"];
}

export const direct = (kernels: Kernels): Method => ({
  weightBytes: kernels.convolutionDirectWeightBytes,
  prepare: kernels.convolutionDirectWeights,
  run: kernels.convolutionDirect,
  scratch: kernels.convolutionDirectScratch,
});

export const winograd = (kernels: Kernels): Method => ({
  weightBytes: kernels.convolutionWinogradWeightBytes,
  prepare: kernels.convolutionWinogradWeights,
  run: kernels.convolutionWinograd,
  scratch: kernels.convolutionWinogradScratch,
});

export const directGradient = (kernels: Kernels): GradientMethod => ({
  bias: kernels.convolutionBiasGradient,
  clear: kernels.fillZero,
  sumBytes: () => 0,
  run: kernels.convolutionDirectWeightGradient,
  end: () => {},
  scratch: kernels.convolutionDirectScratch,
});

export const winogradGradient = (kernels: Kernels): GradientMethod => ({
  bias: kernels.convolutionBiasGradient,
  clear: kernels.fillZero,
  sumBytes: kernels.convolutionWinogradSumBytes,
  run: kernels.convolutionWinogradWeightGradient,
  end: kernels.convolutionWinogradWeightGradientEnd,
  scratch: kernels.convolutionWinogradWeightGradientScratch,
});

/** The output by the kernels of a method. */
export function forward(method: Method, { outputs, inputs, height, width }: Sizes): ForwardMethod {
  return {
    weightBytes: method.weightBytes(outputs, inputs),
    scratch: method.scratch(outputs, inputs),
    prepare: (weight, bias, prepared) => method.prepare(weight, bias, prepared, outputs, inputs, 0),
    run: ({ weights, x, y, groups, rectify, scratch }) =>
      method.run(
        weights,
        x.pointer,
        x.groupStride,
        y.pointer,
        y.groupStride,
        outputs,
        inputs,
        groups,
        height,
        width,
        rectify ? 1 : 0,
        0,
        0,
        scratch,
      ),
  };
}

/** A kernel each for the gradients of the biases, of the weights, and of the input. */
export function separately(
  method: Method,
  gradient: GradientMethod,
  { outputs, inputs, height, width }: Sizes,
): BackwardMethod {
  const sumBytes = gradient.sumBytes(outputs, inputs);
  return {
    weightBytes: method.weightBytes(inputs, outputs),
    sumBytes,
    scratch: Math.max(method.scratch(inputs, outputs), gradient.scratch(outputs, inputs)),
    prepare: (weight, prepared) => method.prepare(weight, 0, prepared, inputs, outputs, 1),
    run({ weights, dy, x, sums, fresh, dBias, dx, groups, rectified, accumulate, scratch }) {
      if (sums !== undefined) {
        if (fresh) gradient.clear(sums, sumBytes / 4);
        gradient.bias(dy.pointer, dy.groupStride, dBias, outputs, groups, height, width);
        gradient.run(
          dy.pointer,
          dy.groupStride,
          x.pointer,
          x.groupStride,
          sums,
          outputs,
          inputs,
          groups,
          height,
          width,
          scratch,
        );
      }
      if (!dx) return;
      method.run(
        weights,
        dy.pointer,
        dy.groupStride,
        dx.pointer,
        dx.groupStride,
        inputs,
        outputs,
        groups,
        height,
        width,
        0,
        rectified ? x.pointer : 0,
        accumulate ? 1 : 0,
        scratch,
      );
    },
    end: (sums, dWeight) => gradient.end(sums, dWeight, outputs, inputs),
  };
}

/** The output in tiles of 7x7 pixels. */
export function forwardOfSevens(kernels: Kernels, { outputs, inputs, height, width }: Sizes): ForwardMethod {
  return {
    weightBytes: kernels.convolutionWinograd7WeightBytes(outputs, inputs),
    scratch: kernels.convolutionWinograd7Scratch(outputs, inputs),
    prepare: (weight, bias, prepared) =>
      kernels.convolutionWinograd7Weights(weight, bias, prepared, outputs, inputs, 0),
    run: ({ weights, x, y, groups, rectify, scratch }) =>
      kernels.convolutionWinograd7(
        weights,
        x.pointer,
        x.groupStride,
        y.pointer,
        y.groupStride,
        outputs,
        inputs,
        groups,
        height,
        width,
        rectify ? 1 : 0,
        scratch,
      ),
  };
}

/** All gradients by one kernel, in tiles of 7x7 pixels. */
export function backwardOfSevens(
  kernels: Kernels,
  { outputs, inputs, height, width }: Sizes,
): BackwardMethod {
  return {
    weightBytes: kernels.convolutionWinograd7WeightBytes(inputs, outputs),
    sumBytes: kernels.convolutionWinograd7SumBytes(outputs, inputs),
    scratch: kernels.convolutionWinograd7GradientsScratch(outputs, inputs),
    prepare: (weight, prepared) =>
      kernels.convolutionWinograd7Weights(weight, 0, prepared, inputs, outputs, 1),
    run({ weights, dy, x, sums, fresh, dBias, dx, groups, rectified, accumulate, scratch }) {
      if (sums === undefined && !dx) return;
      kernels.convolutionWinograd7Gradients(
        weights,
        dy.pointer,
        dy.groupStride,
        x.pointer,
        x.groupStride,
        sums ?? 0,
        fresh ? 1 : 0,
        dBias,
        dx?.pointer ?? 0,
        dx?.groupStride ?? 0,
        outputs,
        inputs,
        groups,
        height,
        width,
        rectified ? 1 : 0,
        accumulate ? 1 : 0,
        scratch,
      );
    },
    end: (sums, dWeight) => kernels.convolutionWinograd7WeightGradientEnd(sums, dWeight, outputs, inputs),
  };
}

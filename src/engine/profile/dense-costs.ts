import { floatBytes, type KernelCost, type KernelCosts, readIf, writes } from "./kernel-cost.js";

/** Dense layers, the optimiser and the loss. */
export const denseCosts: KernelCosts<
  | "linear"
  | "linearWeightGradient"
  | "linearWeightGradientByRows"
  | "gaussianLoss"
  | "mixtureLoss"
  | "familyLoss"
  | "classMoments"
  | "adam"
  | "squaredNorm"
  | "fillZero"
  | "addTo"
  | "multiplyAdds"
> = {
  linear(
    _weight,
    _rowStride,
    columnStride,
    bias,
    _x,
    _xStride,
    _y,
    _yStride,
    outputs,
    inputs,
    batch,
    _rectify,
    mask,
    _maskStride,
    accumulate,
  ) {
    // Only the forward pass has a bias; the gradient of the input reads the weights by columns.
    const isForward = bias !== 0 || columnStride === 1;
    return {
      operation: isForward ? "linear forward" : "linear dX",
      shape: isForward ? `${inputs} -> ${outputs}` : `${outputs} -> ${inputs}`,
      flops: 2 * outputs * inputs * batch,
      bytes: floatBytes(
        outputs * inputs + inputs * batch + outputs * batch * (writes(accumulate) + readIf(mask)),
      ),
    };
  },
  linearWeightGradient(_dy, _dyStride, _x, _xStride, _dWeight, dBias, outputs, inputs, batch) {
    return weightGradientCost(dBias, outputs, inputs, batch);
  },
  linearWeightGradientByRows(_dy, _dyStride, _x, _xStride, _dWeight, dBias, outputs, inputs, batch) {
    return weightGradientCost(dBias, outputs, inputs, batch);
  },
  gaussianLoss(_w, _stride, dw, _labels, _mean, _logSigma, _dMean, _dLogSigma, _classes, features, samples) {
    // (w - mean) / sigma, its gradient, and the sums of z and of z^2 - 1.
    return {
      operation: "loss",
      flops: 8 * features * samples,
      bytes: floatBytes(features * samples * (1 + readIf(dw)) + samples),
    };
  },
  mixtureLoss(
    _w,
    _stride,
    dw,
    _weights,
    _mean,
    _logSigma,
    dMean,
    _dLogSigma,
    classes,
    features,
    samples,
    _padded,
    _scale,
    _scratch,
  ) {
    // As many as where every class has a weight: energies, posteriors, and the gradients of all classes.
    const pairs = features * samples * classes;
    const passes = 1 + Math.max(readIf(dw), readIf(dMean));
    return {
      operation: "class likelihood",
      flops: pairs * (6 + 8 * (passes - 1)),
      bytes: floatBytes(features * samples * (passes + readIf(dw)) + samples * classes * 6),
    };
  },
  familyLoss(
    _v,
    _stride,
    dv,
    _labels,
    _location,
    _logScale,
    _dLocation,
    _dLogScale,
    _classes,
    features,
    samples,
  ) {
    // An exponential is taken for one operation.
    return {
      operation: "loss",
      flops: 10 * features * samples,
      bytes: floatBytes(features * samples * (1 + readIf(dv)) + samples),
    };
  },
  classMoments(_w, _stride, _labels, mean, _out, _classes, features, samples) {
    return {
      operation: "class statistics",
      flops: (mean === 0 ? 1 : 3) * features * samples,
      bytes: floatBytes((features + 1) * samples),
    };
  },
  adam(_values, _gradients, _m, _v, length) {
    // Values and two moments are read and written, gradients are read.
    return { operation: "Adam", flops: 14 * length, bytes: floatBytes(7 * length) };
  },
  squaredNorm(_at, length) {
    return { operation: "gradient norm", flops: 2 * length, bytes: floatBytes(length) };
  },
  fillZero(_at, length) {
    return { operation: "clearing", flops: 0, bytes: floatBytes(length) };
  },
  addTo(_target, _source, length) {
    return { operation: "sums over the team", flops: length, bytes: floatBytes(3 * length) };
  },
  multiplyAdds(rounds) {
    return { operation: "peak", flops: 12 * 4 * 2 * rounds, bytes: 0 };
  },
};

function weightGradientCost(dBias: number, outputs: number, inputs: number, batch: number): KernelCost {
  return {
    operation: "linear dW",
    shape: `${inputs} -> ${outputs}`,
    flops: 2 * outputs * inputs * batch + readIf(dBias) * outputs * batch,
    bytes: floatBytes((outputs + inputs) * batch + 2 * outputs * inputs),
  };
}

import { floatBytes, type KernelCosts, readIf, writes } from "./kernel-cost.js";

// Operations on one number by the polynomials of kernels/math.ts.
const EXP = 22;
const TANH = 21;
const LOG = 30;

/** By kind: leaky ReLU, tanh, SiLU; the derivative is two operations more. */
const ACTIVATIONS = [2, TANH + 2, EXP + 3];

/** Activations, tables by class, samples, log-densities and log-probabilities of classes. */
export const densityCosts: KernelCosts<
  | "activate"
  | "activateGradient"
  | "maxout"
  | "maxoutGradient"
  | "crossEntropy"
  | "embed"
  | "embedGradient"
  | "gaussianSample"
  | "gaussianSampleGradient"
  | "shearSample"
  | "shearSampleGradient"
  | "locationScaleDensity"
  | "locationScaleGradient"
  | "gaussianObservation"
  | "gaussianObservationGradient"
  | "bernoulliObservation"
  | "bernoulliObservationGradient"
  | "aggregatePosterior"
  | "setGaussianLoss"
  | "setPredictedLoss"
> = {
  activate(_y, _stride, slopes, rows, batch, kind) {
    const count = rows * batch;
    return {
      operation: "activation forward",
      flops: (ACTIVATIONS[kind] + 2 * readIf(slopes)) * count,
      bytes: floatBytes((2 + readIf(slopes)) * count),
    };
  },
  activateGradient(_dy, _stride, _slopes, rows, batch) {
    return { operation: "activation backward", flops: rows * batch, bytes: floatBytes(3 * rows * batch) };
  },
  maxout(_x, _xStride, _y, _yStride, pieces, width, batch) {
    const count = width * batch;
    return {
      operation: "activation forward",
      flops: (pieces - 1) * count,
      bytes: floatBytes((pieces + 1) * count),
    };
  },
  maxoutGradient(_x, _dx, _xStride, _y, _dy, _yStride, pieces, width, batch) {
    const count = width * batch;
    return {
      operation: "activation backward",
      flops: pieces * count,
      bytes: floatBytes((2 * pieces + 2) * count),
    };
  },
  crossEntropy(_logits, _stride, dLogits, _labels, classes, samples) {
    const [count, differentiated] = [classes * samples, readIf(dLogits)];
    return {
      operation: "loss",
      flops: (EXP + 3 + differentiated * (EXP + 2)) * count,
      bytes: floatBytes((1 + differentiated) * count + samples),
    };
  },
  embed(_table, _labels, _rows, _stride, width, batch, accumulate) {
    const count = width * batch;
    return {
      operation: "table by class",
      flops: accumulate ? count : 0,
      bytes: floatBytes((1 + writes(accumulate)) * count),
    };
  },
  embedGradient(_dRows, _stride, _labels, _dTable, width, samples) {
    return { operation: "table by class", flops: width * samples, bytes: floatBytes(3 * width * samples) };
  },
  gaussianSample(_h, _hStride, _noise, _noiseStride, _z, _zStride, _out, features, batch) {
    const count = features * batch;
    return { operation: "posterior sample", flops: (EXP + 7) * count, bytes: floatBytes(4 * count) };
  },
  gaussianSampleGradient(_h, _hStride, _z, _dz, _zStride, _dOut, _dh, features, batch, accumulate) {
    const count = features * batch;
    const bytes = floatBytes((3 + 2 * writes(accumulate)) * count);
    return { operation: "posterior sample", flops: (3 + (accumulate ? 2 : 0)) * count, bytes };
  },
  shearSample(_h, _hStride, _noise, _noiseStride, _z, _zStride, features, batch) {
    const [count, pairs] = [(features - 1) * batch, (features * (features - 1) * batch) / 2];
    const bytes = floatBytes(3 * count + 2 * pairs);
    return { operation: "posterior sample", flops: (EXP + 2) * count + 2 * pairs, bytes };
  },
  shearSampleGradient(_h, _hStride, _noise, _noiseStride, _dz, _zStride, _dh, features, batch, accumulate) {
    const [count, pairs] = [(features - 1) * batch, (features * (features - 1) * batch) / 2];
    const bytes = floatBytes(2 * count + (1 + writes(accumulate)) * pairs);
    const flops = (EXP + 1) * count + (accumulate ? 2 : 1) * pairs;
    return { operation: "posterior sample", flops, bytes };
  },
  locationScaleDensity(_x, _xStride, _h, _hStride, _out, features, batch) {
    const count = features * batch;
    return { operation: "prior density", flops: (EXP + 8) * count, bytes: floatBytes(3 * count) };
  },
  locationScaleGradient(
    _x,
    _xStride,
    _h,
    _hStride,
    _dOut,
    dx,
    dh,
    features,
    batch,
    _laplace,
    accumulateX,
    accumulateH,
  ) {
    const count = features * batch;
    const written = readIf(dx) * writes(accumulateX) + 2 * readIf(dh) * writes(accumulateH);
    return {
      operation: "prior density",
      flops: (EXP + 10) * count,
      bytes: floatBytes((3 + written) * count),
    };
  },
  gaussianObservation(_x, _xStride, _mean, _meanStride, _logSigma, _out, features, batch) {
    const count = features * batch;
    return { operation: "observation density", flops: 5 * count, bytes: floatBytes(2 * count) };
  },
  gaussianObservationGradient(
    _x,
    _xStride,
    _mean,
    _meanStride,
    _logSigma,
    _dOut,
    _dMean,
    _dLogSigma,
    features,
    batch,
  ) {
    const count = features * batch;
    return { operation: "observation density", flops: 7 * count, bytes: floatBytes(3 * count) };
  },
  bernoulliObservation(_x, _xStride, _logits, _logitsStride, _out, features, batch) {
    const count = features * batch;
    return { operation: "observation density", flops: (EXP + LOG + 6) * count, bytes: floatBytes(2 * count) };
  },
  bernoulliObservationGradient(_x, _xStride, _logits, _logitsStride, _dOut, _dLogits, features, batch) {
    const count = features * batch;
    return { operation: "observation density", flops: (EXP + 4) * count, bytes: floatBytes(3 * count) };
  },
  aggregatePosterior(
    _z,
    _zStride,
    _h,
    _hStride,
    _joint,
    _marginal,
    _jointWeight,
    _marginalWeight,
    dz,
    _dh,
    features,
    samples,
    batch,
  ) {
    // Each sample under each posterior: its terms, the softmax a feature and one for all, and the gradients.
    const pairs = samples * batch;
    const flops = pairs * ((EXP + 10) * (features + 1) + 12 * features * readIf(dz));
    return {
      operation: "aggregate posterior",
      flops,
      bytes: floatBytes(features * batch * (3 + 3 * readIf(dz))),
    };
  },
  setGaussianLoss(_w, _stride, dw, members, features, sets) {
    const count = features * sets * members;
    return {
      operation: "likelihood",
      flops: (4 + 2 * readIf(dw)) * count + (LOG + 7) * features * sets,
      bytes: floatBytes((1 + readIf(dw)) * count),
    };
  },
  setPredictedLoss(_w, _stride, dw, _h, _hStride, dh, members, features, sets) {
    const count = features * sets * members;
    return {
      operation: "likelihood",
      flops: (5 + 2 * readIf(dw)) * count + (EXP + 4) * features * sets,
      bytes: floatBytes((1 + readIf(dw)) * count + 2 * (1 + readIf(dh)) * features * sets),
    };
  },
};

import { floatBytes, type KernelCosts, readIf, writes } from "./kernel-cost.js";

// Operations on one number by the polynomials of kernels/math.ts.
const EXP = 22;
const TANH = 21;
const LOG = 30;
const COSINE = 23;

/** Scales from a subnet's output: tanh, the sum over channels, the constraint, and the exponential. */
const SCALE = TANH + 2 + 3 + EXP;

/** As in the kernels: translations alone, without scales. */
const ADDITIVE = 3;

/** Couplings, permutations and noise. */
export const flowCosts: KernelCosts<
  | "couplingForward"
  | "couplingInverse"
  | "couplingBackward"
  | "permute"
  | "randomWords"
  | "shuffle"
  | "addNormal"
> = {
  couplingForward(
    _x,
    _xGroupStride,
    _st,
    _stGroupStride,
    _y,
    _yGroupStride,
    groups,
    channels,
    inner,
    _channelStride,
    mode,
  ) {
    // x, s and t are read; y, tanh and exp(s) are written.
    const count = groups * channels * inner;
    return mode === ADDITIVE
      ? { operation: "coupling forward", flops: count, bytes: floatBytes(3 * count) }
      : { operation: "coupling forward", flops: (SCALE + 2) * count, bytes: floatBytes(6 * count) };
  },
  couplingInverse(
    _y,
    _yGroupStride,
    _st,
    _stGroupStride,
    _x,
    _xGroupStride,
    groups,
    channels,
    inner,
    _channelStride,
    mode,
  ) {
    const count = groups * channels * inner;
    return mode === ADDITIVE
      ? { operation: "coupling inverse", flops: count, bytes: floatBytes(3 * count) }
      : { operation: "coupling inverse", flops: (SCALE + 2) * count, bytes: floatBytes(5 * count) };
  },
  couplingBackward(
    _x,
    _xGroupStride,
    _st,
    _stGroupStride,
    _dy,
    _dyGroupStride,
    dx,
    _dxGroupStride,
    _dst,
    accumulate,
    groups,
    channels,
    inner,
    _channelStride,
    mode,
  ) {
    const count = groups * channels * inner;
    const target = readIf(dx) * writes(accumulate);
    const added = dx !== 0 && accumulate ? count : 0;
    // dy is read and dt written; for scales x, tanh and exp(s) are read, ds is written.
    return mode === ADDITIVE
      ? { operation: "coupling backward", flops: added, bytes: floatBytes((2 + target) * count) }
      : { operation: "coupling backward", flops: 9 * count + added, bytes: floatBytes((6 + target) * count) };
  },
  permute(_x, _xGroupStride, _y, _yGroupStride, _table, groups, channels, inner, _channelStride, accumulate) {
    const count = groups * channels * inner;
    return {
      operation: "permutation",
      flops: accumulate ? count : 0,
      bytes: floatBytes((1 + writes(accumulate)) * count),
    };
  },
  randomWords(_at, count) {
    return { operation: "shuffling", flops: 0, bytes: 8 * count };
  },
  shuffle(_order, _last, _words, count) {
    return { operation: "shuffling", flops: 0, bytes: 24 * count };
  },
  addNormal(_at, length) {
    // A logarithm makes a pair, with a cosine for each of the two; uniform numbers, root, phase and sum are the rest.
    return {
      operation: "noise",
      flops: (LOG / 2 + COSINE + 7) * length,
      bytes: floatBytes(2 * length),
    };
  },
};

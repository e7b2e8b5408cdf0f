// The affine coupling y = x exp(s) + t (Dinh et al. 2016), whole, with s = 2 tanh(raw) clamped (Ardizzone et al.
// 2019) and made volume-preserving. Layout [group][channel][inner], inner a multiple of 8, one channel stride for
// all; st holds the channels of raw s, then those of t. Rows are passed over twice, along `inner`.

import { storeExp, storeTanh } from "./math";
import { madd } from "./simd";

// How s is made from 2 tanh(raw), over the channels at each position.
const MEAN: i32 = 0; // s minus its mean
const LAST: i32 = 1; // the last channel is minus the sum of the others
const NONE: i32 = 2; // as it is; log-det is the sum of s
const ADDITIVE: i32 = 3; // s = 0, and st holds t only

// @ts-ignore: decorator
@inline
function fillZero(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

// Adds a row of per-position sums to the log-determinant of each sample: vectors have one position a sample,
// images many, four samples abreast.
function addLogDeterminant(sum: usize, inner: usize, logDeterminant: usize, image: bool): void {
  if (!image) {
    for (let i: usize = 0; i < inner << 2; i += 16) {
      v128.store(logDeterminant + i, f32x4.add(v128.load(logDeterminant + i), v128.load(sum + i)));
    }
    return;
  }
  let total = v128.load(logDeterminant);
  for (let i: usize = 0; i < inner << 2; i += 16) total = f32x4.add(total, v128.load(sum + i));
  v128.store(logDeterminant, total);
}

// What a channel's scale is made of: twice its tanh and the sum, as `tanhAndSum` leaves it.
const DIFFERENCE: i32 = 0;
const TWICE: i32 = 1;
const MINUS_SUM: i32 = 2;

// @ts-ignore: decorator
@inline
function scale(tanh: usize, sum: usize, made: i32): v128 {
  if (made == MINUS_SUM) return f32x4.neg(v128.load(sum));
  const th = v128.load(tanh), twice = f32x4.add(th, th);
  return made == TWICE ? twice : f32x4.sub(twice, v128.load(sum));
}

// @ts-ignore: decorator
@inline
function expRow(to: usize, tanh: usize, sum: usize, row: usize, made: i32): void {
  for (let i: usize = 0; i < row; i += 32) {
    storeExp(to + i, scale(tanh + i, sum + i, made), scale(tanh + i + 16, sum + i + 16, made));
  }
}

// y = x exp(s) + t along a row, exp(s) taking the place of t.
// @ts-ignore: decorator
@inline
function affineRow(x: usize, t: usize, y: usize, tanh: usize, sum: usize, row: usize, made: i32): void {
  for (let i: usize = 0; i < row; i += 32) {
    const t0 = v128.load(t + i), t1 = v128.load(t + i, 16);
    storeExp(t + i, scale(tanh + i, sum + i, made), scale(tanh + i + 16, sum + i + 16, made));
    v128.store(y + i, madd(v128.load(x + i), v128.load(t + i), t0));
    v128.store(y + i, madd(v128.load(x + i, 16), v128.load(t + i, 16), t1), 16);
  }
}

// The same for channel c; `tanh` is that channel's.
function affine(
  x: usize, t: usize, y: usize, tanh: usize, sum: usize, row: usize, isLast: bool, mode: i32,
): void {
  if (mode == MEAN) affineRow(x, t, y, tanh, sum, row, DIFFERENCE);
  else if (mode == LAST && isLast) affineRow(x, t, y, tanh, sum, row, MINUS_SUM);
  else affineRow(x, t, y, tanh, sum, row, TWICE);
}

// exp(s) of channel c, into the row `to`; `tanh` is that channel's.
function expScales(to: usize, tanh: usize, sum: usize, row: usize, isLast: bool, mode: i32): void {
  if (mode == MEAN) expRow(to, tanh, sum, row, DIFFERENCE);
  else if (mode == LAST && isLast) expRow(to, tanh, sum, row, MINUS_SUM);
  else expRow(to, tanh, sum, row, TWICE);
}

// tanh of the raw scales in place; the mean over the channels of twice these, or the sum over those that count.
function tanhAndSum(s: usize, channels: usize, row: usize, stride: usize, sum: usize, mode: i32): void {
  for (let c: usize = 0; c < channels; c++) {
    const sc = s + c * stride;
    for (let i: usize = 0; i < row; i += 32) storeTanh(sc + i, v128.load(sc + i), v128.load(sc + i, 16));
  }
  const counted = mode == LAST ? channels - 1 : channels;
  const factor = f32x4.splat(mode == MEAN ? <f32>2 / <f32>channels : 2);
  for (let i: usize = 0; i < row; i += 16) {
    let total = f32x4.splat(0);
    for (let c: usize = 0, at = s + i; c < counted; c++, at += stride) total = f32x4.add(total, v128.load(at));
    v128.store(sum + i, f32x4.mul(total, factor));
  }
}

/**
 * y = x exp(s) + t. Leaves tanh(raw) in the channels of s and exp(s) in those of t, for the backward pass.
 * sum: scratch of `inner` floats. logDeterminant: [samples padded to 8], added to; 0 where it is not wanted.
 */
export function couplingForward(
  x: usize, xGroupStride: usize, st: usize, stGroupStride: usize, y: usize, yGroupStride: usize,
  groups: usize, channels: usize, inner: usize, channelStride: usize, mode: i32, sum: usize, logDeterminant: usize,
): void {
  const row = inner << 2, stride = channelStride << 2;
  for (let g: usize = 0; g < groups; g++) {
    if (mode == ADDITIVE) {
      for (let c: usize = 0; c < channels; c++) {
        const xc = x + c * stride, tc = st + c * stride, yc = y + c * stride;
        for (let i: usize = 0; i < row; i += 16) v128.store(yc + i, f32x4.add(v128.load(xc + i), v128.load(tc + i)));
      }
    } else {
      tanhAndSum(st, channels, row, stride, sum, mode);
      const t = st + channels * stride;
      for (let c: usize = 0; c < channels; c++) {
        const xc = x + c * stride, sc = st + c * stride, tc = t + c * stride, yc = y + c * stride;
        affine(xc, tc, yc, sc, sum, row, c + 1 == channels, mode);
      }
      if (logDeterminant != 0 && mode == NONE) {
        addLogDeterminant(sum, inner, groups > 1 ? logDeterminant + 16 * g : logDeterminant, groups > 1);
      }
    }
    x += xGroupStride << 2; st += stGroupStride << 2; y += yGroupStride << 2;
  }
}

/** x = (y - t) exp(-s), the inverse; st is overwritten. */
export function couplingInverse(
  y: usize, yGroupStride: usize, st: usize, stGroupStride: usize, x: usize, xGroupStride: usize,
  groups: usize, channels: usize, inner: usize, channelStride: usize, mode: i32, sum: usize,
): void {
  const row = inner << 2, stride = channelStride << 2;
  for (let g: usize = 0; g < groups; g++) {
    if (mode == ADDITIVE) {
      for (let c: usize = 0; c < channels; c++) {
        const xc = x + c * stride, tc = st + c * stride, yc = y + c * stride;
        for (let i: usize = 0; i < row; i += 16) v128.store(xc + i, f32x4.sub(v128.load(yc + i), v128.load(tc + i)));
      }
    } else {
      tanhAndSum(st, channels, row, stride, sum, mode);
      const t = st + channels * stride;
      for (let c: usize = 0; c < channels; c++) {
        const xc = x + c * stride, sc = st + c * stride, tc = t + c * stride, yc = y + c * stride;
        expScales(sc, sc, sum, row, c + 1 == channels, mode);
        for (let i: usize = 0; i < row; i += 16) {
          v128.store(xc + i, f32x4.div(f32x4.sub(v128.load(yc + i), v128.load(tc + i)), v128.load(sc + i)));
        }
      }
    }
    x += xGroupStride << 2; st += stGroupStride << 2; y += yGroupStride << 2;
  }
}

/**
 * Gradients of the coupling: dt = dy, dx = dy exp(s), draw = 2 (1 - tanh^2) ds with ds = dy x exp(s) passed back
 * through the volume preservation. st as couplingForward left it; dst is overwritten; dx is added to where
 * `accumulate` is set, and left alone where it is 0. dLogDeterminant: [samples], or 0.
 */
export function couplingBackward(
  x: usize, xGroupStride: usize, st: usize, stGroupStride: usize, dy: usize, dyGroupStride: usize,
  dx: usize, dxGroupStride: usize, dst: usize, accumulate: bool,
  groups: usize, channels: usize, inner: usize, channelStride: usize, mode: i32, sum: usize, dLogDeterminant: usize,
): void {
  const row = inner << 2, stride = channelStride << 2;
  const last = (channels - 1) * stride;
  const inverse = f32x4.splat(<f32>1 / <f32>channels), two = f32x4.splat(2), one = f32x4.splat(1);
  for (let g: usize = 0; g < groups; g++) {
    if (mode == ADDITIVE) {
      for (let c: usize = 0; c < channels; c++) memory.copy(dst + c * stride, dy + c * stride, row);
      if (dx != 0) {
        for (let c: usize = 0; c < channels; c++) addOrCopy(dx + c * stride, dy + c * stride, row, accumulate);
      }
    } else {
      fillZero(sum, row);
      const t = st + channels * stride, dt = dst + channels * stride;
      for (let c: usize = 0; c < channels; c++) {
        const xc = x + c * stride, ec = t + c * stride, dyc = dy + c * stride;
        const dsc = dst + c * stride, dtc = dt + c * stride, dxc = dx + c * stride;
        for (let i: usize = 0; i < row; i += 16) {
          const d = v128.load(dyc + i);
          const de = f32x4.mul(d, v128.load(ec + i));
          v128.store(dtc + i, d);
          const ds = f32x4.mul(de, v128.load(xc + i));
          v128.store(dsc + i, ds);
          if (mode == MEAN) v128.store(sum + i, madd(ds, inverse, v128.load(sum + i)));
          if (dx != 0) v128.store(dxc + i, accumulate ? f32x4.add(v128.load(dxc + i), de) : de);
        }
      }
      // What passes back through the volume preservation: the mean, the last channel, or minus the log-det's part.
      if (mode == LAST) memory.copy(sum, dst + last, row);
      if (mode == NONE && dLogDeterminant != 0) {
        for (let i: usize = 0; i < row; i += 16) {
          const at = groups > 1 ? dLogDeterminant + 16 * g : dLogDeterminant + i;
          v128.store(sum + i, f32x4.neg(v128.load(at)));
        }
      }
      for (let c: usize = 0; c < channels; c++) {
        const sc = st + c * stride, dsc = dst + c * stride;
        for (let i: usize = 0; i < row; i += 16) {
          const th = v128.load(sc + i);
          const slope = f32x4.mul(two, f32x4.sub(one, f32x4.mul(th, th)));
          v128.store(dsc + i, f32x4.mul(slope, f32x4.sub(v128.load(dsc + i), v128.load(sum + i))));
        }
      }
      // The last raw scale is not used at all.
      if (mode == LAST) fillZero(dst + last, row);
    }
    x += xGroupStride << 2; st += stGroupStride << 2; dst += stGroupStride << 2;
    dy += dyGroupStride << 2;
    if (dx != 0) dx += dxGroupStride << 2;
  }
}

function addOrCopy(to: usize, from: usize, bytes: usize, accumulate: bool): void {
  if (!accumulate) {
    memory.copy(to, from, bytes);
    return;
  }
  for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(from + i)));
}

/** y[c] = x[table[c]] for every group, added where `accumulate` is set; table holds 32-bit channel numbers. */
export function permute(
  x: usize, xGroupStride: usize, y: usize, yGroupStride: usize, table: usize,
  groups: usize, channels: usize, inner: usize, channelStride: usize, accumulate: bool,
): void {
  const row = inner << 2, stride = channelStride << 2;
  for (let g: usize = 0; g < groups; g++) {
    for (let c: usize = 0; c < channels; c++) {
      addOrCopy(y + c * stride, x + <usize>load<u32>(table + (c << 2)) * stride, row, accumulate);
    }
    x += xGroupStride << 2; y += yGroupStride << 2;
  }
}

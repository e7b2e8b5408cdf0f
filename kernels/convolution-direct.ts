// 3x3 convolution with padding 1 as it is written, for any channel count; layout of images as in image.ts.
//
// A vector is one pixel of 4 images; groups of 4 images come in pairs. The sum over input channels and taps is one
// loop over the packed weights and a table of byte offsets into x. Register budget (V8 keeps 15 vectors): a tile of
// 4 outputs x 2 groups, or 2 outputs x 2 pixels x 2 groups, is 8 accumulators; per tap it loads 2 (4) vectors and
// splats 4 (2) weights.

import { borderBytes, planeBytes, rowBytes } from "./image";
import { madd } from "./simd";

/** Bytes of the weights as convolutionDirect wants them. */
export function convolutionDirectWeightBytes(outputs: usize, inputs: usize): usize {
  return ((outputs + 3) >> 2) * weightBlock(inputs);
}

/** Bytes of scratch memory that a direct convolution and its weight gradient need. */
export function convolutionDirectScratch(outputs: usize, inputs: usize): usize {
  return (inputs * 9) << 2;
}

// Four biases, then four weights for each input and tap.
// @ts-ignore: decorator
@inline
function weightBlock(inputs: usize): usize {
  return (inputs * 9 + 1) << 4;
}

/** The byte offset of each tap (channel, row, column) from the top left one. */
export function tapOffsets(offsets: usize, inputs: usize, height: usize, width: usize): void {
  const row = rowBytes(width), plane = planeBytes(height, width);
  for (let k: usize = 0; k < inputs; k++) {
    for (let t: usize = 0; t < 9; t++, offsets += 4) {
      store<u32>(offsets, <u32>(k * plane + (t / 3) * row + ((t % 3) << 4)));
    }
  }
}

/**
 * Prepares weights [outputs][inputs][3][3] and biases (0: none) for convolutionDirect. transposed: they are [inputs]
 * [outputs][3][3] and the taps are reversed, for the gradient of the input, whose outputs are the layer's inputs.
 */
export function convolutionDirectWeights(
  weight: usize, bias: usize, prepared: usize, outputs: usize, inputs: usize, transposed: bool,
): void {
  for (let block: usize = 0; block < outputs; block += 4) {
    for (let lane: usize = 0; lane < 4; lane++) {
      const o = block + lane, some = o < outputs;
      let to = prepared + (lane << 2);
      store<f32>(to, some && bias != 0 ? load<f32>(bias + (o << 2)) : 0);
      for (let k: usize = 0; k < inputs; k++) {
        for (let t: usize = 0; t < 9; t++) {
          const at = transposed ? (k * outputs + o) * 9 + 8 - t : (o * inputs + k) * 9 + t;
          to += 16;
          store<f32>(to, some ? load<f32>(weight + (at << 2)) : 0);
        }
      }
    }
    prepared += weightBlock(inputs);
  }
}

/**
 * y[o][p] = act(sum_{k,t} W[o,k,t] x[k][p + t] + bias[o]), weights from convolutionDirectWeights. mask: y is kept where
 * the mask, laid out as y, is positive; 0: none. accumulate: y is added to. Strides from group to group are in floats;
 * groups is even; the border is not written.
 */
export function convolutionDirect(
  weights: usize, x: usize, xGroupStride: usize, y: usize, yGroupStride: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize,
  rectify: bool, mask: usize, accumulate: bool, scratch: usize,
): void {
  const offsets = scratch, end = offsets + ((inputs * 9) << 2);
  tapOffsets(offsets, inputs, height, width);

  const row = rowBytes(width), plane = planeBytes(height, width), block = weightBlock(inputs);
  const xg = xGroupStride << 2, yg = yGroupStride << 2;
  const masked = mask != 0, toMask = mask - y;
  y += borderBytes(width);
  for (let g: usize = 0; g < groups; g += 2) {
    for (let r: usize = 0; r < height; r++) {
      const from = x + g * xg + r * row, to = y + g * yg + r * row;
      let o: usize = 0;
      for (; o + 2 < outputs; o += 4) {
        const w = weights + (o >> 2) * block, yo = to + o * plane;
        const some = outputs - o;
        for (let c: usize = 0; c < width << 4; c += 16) {
          tile4x2(w, offsets, end, from + c, xg, yo + c, yg, plane, some, rectify, masked, toMask, accumulate);
        }
      }
      if (o < outputs) {
        const w = weights + (o >> 2) * block, yo = to + o * plane;
        const second = o + 1 < outputs;
        let c: usize = 0;
        for (; c + 16 < width << 4; c += 32) {
          tile2x4(w, offsets, end, from + c, xg, yo + c, yg, plane, second, rectify, masked, toMask, accumulate);
        }
        if (c < width << 4) {
          tile4x2(w, offsets, end, from + c, xg, yo + c, yg, plane, outputs - o, rectify, masked, toMask, accumulate);
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function finish(y: usize, value: v128, rectify: bool, masked: bool, toMask: usize, accumulate: bool): void {
  if (rectify) value = f32x4.pmax(value, f32x4.splat(0));
  if (masked) value = v128.and(value, f32x4.gt(v128.load(y + toMask), f32x4.splat(0)));
  if (accumulate) value = f32x4.add(value, v128.load(y));
  v128.store(y, value);
}

// One pixel of two groups, four outputs of which the first `some` exist.
// @ts-ignore: decorator
@inline
function tile4x2(
  w: usize, offset: usize, end: usize, x: usize, xg: usize, y: usize, yg: usize, plane: usize, some: usize,
  rectify: bool, masked: bool, toMask: usize, accumulate: bool,
): void {
  let a0 = v128.load32_splat(w), a1 = a0;
  let b0 = v128.load32_splat(w, 4), b1 = b0;
  let c0 = v128.load32_splat(w, 8), c1 = c0;
  let d0 = v128.load32_splat(w, 12), d1 = d0;
  for (; offset < end; offset += 4) {
    const at = x + <usize>load<u32>(offset);
    w += 16;
    const x0 = v128.load(at), x1 = v128.load(at + xg);
    const wa = v128.load32_splat(w);
    a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
    const wb = v128.load32_splat(w, 4);
    b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
    const wc = v128.load32_splat(w, 8);
    c0 = madd(wc, x0, c0); c1 = madd(wc, x1, c1);
    const wd = v128.load32_splat(w, 12);
    d0 = madd(wd, x0, d0); d1 = madd(wd, x1, d1);
  }
  finish(y, a0, rectify, masked, toMask, accumulate); finish(y + yg, a1, rectify, masked, toMask, accumulate);
  if (some < 2) return;
  y += plane;
  finish(y, b0, rectify, masked, toMask, accumulate); finish(y + yg, b1, rectify, masked, toMask, accumulate);
  if (some < 3) return;
  y += plane;
  finish(y, c0, rectify, masked, toMask, accumulate); finish(y + yg, c1, rectify, masked, toMask, accumulate);
  if (some < 4) return;
  y += plane;
  finish(y, d0, rectify, masked, toMask, accumulate); finish(y + yg, d1, rectify, masked, toMask, accumulate);
}

// Two neighbouring pixels of two groups, two outputs of which the second may be missing.
// @ts-ignore: decorator
@inline
function tile2x4(
  w: usize, offset: usize, end: usize, x: usize, xg: usize, y: usize, yg: usize, plane: usize, second: bool,
  rectify: bool, masked: bool, toMask: usize, accumulate: bool,
): void {
  let a0 = v128.load32_splat(w), a1 = a0, a2 = a0, a3 = a0;
  let b0 = v128.load32_splat(w, 4), b1 = b0, b2 = b0, b3 = b0;
  for (; offset < end; offset += 4) {
    const at = x + <usize>load<u32>(offset);
    w += 16;
    const wa = v128.load32_splat(w), wb = v128.load32_splat(w, 4);
    const x0 = v128.load(at);
    a0 = madd(wa, x0, a0); b0 = madd(wb, x0, b0);
    const x1 = v128.load(at, 16);
    a1 = madd(wa, x1, a1); b1 = madd(wb, x1, b1);
    const x2 = v128.load(at + xg);
    a2 = madd(wa, x2, a2); b2 = madd(wb, x2, b2);
    const x3 = v128.load(at + xg, 16);
    a3 = madd(wa, x3, a3); b3 = madd(wb, x3, b3);
  }
  const y2 = y + yg;
  finish(y, a0, rectify, masked, toMask, accumulate); finish(y + 16, a1, rectify, masked, toMask, accumulate);
  finish(y2, a2, rectify, masked, toMask, accumulate); finish(y2 + 16, a3, rectify, masked, toMask, accumulate);
  if (!second) return;
  const z = y + plane, z2 = y2 + plane;
  finish(z, b0, rectify, masked, toMask, accumulate); finish(z + 16, b1, rectify, masked, toMask, accumulate);
  finish(z2, b2, rectify, masked, toMask, accumulate); finish(z2 + 16, b3, rectify, masked, toMask, accumulate);
}

// Weight and bias gradient of the 3x3 convolution as they are written, for any channel count; layout as in image.ts.
//
// A row of dWeight is one output; its columns are the (input, tap) pairs, whose window into x comes from a table of
// byte offsets. A tile is 2 rows by 4 columns, so that its sums are neighbours in dWeight: 8 accumulators, 2 vectors
// of dy and 4 of x. A group's pixels are summed in float32 before the sum is added to the gradient.

import { tapOffsets } from "./convolution-direct";
import { borderBytes, planeBytes, rowBytes } from "./image";
import { addVector, horizontalSum, madd, sums } from "./simd";

/** dBias[o] += the sum of dy[o] over samples and pixels; the border, which is zero, is summed as well. */
export function convolutionBiasGradient(
  dy: usize, dyGroupStride: usize, dBias: usize, outputs: usize, groups: usize, height: usize, width: usize,
): void {
  const plane = planeBytes(height, width);
  for (let g: usize = 0; g < groups; g++) {
    let at = dy + ((g * dyGroupStride) << 2);
    for (let o: usize = 0; o < outputs; o++) {
      let a = f32x4.splat(0), b = a, c = a, d = a;
      // A plane is whole blocks of 4 pixels.
      for (const end = at + plane; at < end; at += 64) {
        a = f32x4.add(a, v128.load(at));
        b = f32x4.add(b, v128.load(at, 16));
        c = f32x4.add(c, v128.load(at, 32));
        d = f32x4.add(d, v128.load(at, 48));
      }
      const sum = horizontalSum(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
      store<f32>(dBias + (o << 2), load<f32>(dBias + (o << 2)) + sum);
    }
  }
}

/**
 * dWeight[o,k,t] += sum over samples and pixels p of dy[o][p] x[k][p + t], dWeight [outputs][inputs][3][3]. Scratch
 * memory as convolutionDirectScratch says; strides from group to group are in floats.
 */
export function convolutionDirectWeightGradient(
  dy: usize, dyGroupStride: usize, x: usize, xGroupStride: usize, dWeight: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize, scratch: usize,
): void {
  tapOffsets(scratch, inputs, height, width);
  const row = rowBytes(width), plane = planeBytes(height, width), pixels = width << 4;
  const columns = inputs * 9, bytes = columns << 2;
  const start = dy + borderBytes(width);
  for (let g: usize = 0; g < groups; g++) {
    const xg = x + ((g * xGroupStride) << 2);
    let d = start + ((g * dyGroupStride) << 2), w = dWeight;
    let o: usize = 0;
    for (; o + 2 <= outputs; o += 2, d += (plane << 1), w += 2 * bytes) {
      let j: usize = 0;
      for (; j + 4 <= columns; j += 4) {
        tile2x4(d, plane, xg, scratch + (j << 2), w + (j << 2), bytes, height, row, pixels);
      }
      for (; j < columns; j++) {
        tile1x1(d, xg, scratch + (j << 2), w + (j << 2), height, row, pixels);
        tile1x1(d + plane, xg, scratch + (j << 2), w + bytes + (j << 2), height, row, pixels);
      }
    }
    if (o < outputs) {
      for (let j: usize = 0; j < columns; j++) tile1x1(d, xg, scratch + (j << 2), w + (j << 2), height, row, pixels);
    }
  }
}

// @ts-ignore: decorator
@inline
function tile2x4(
  dy: usize, plane: usize, x: usize, offsets: usize, w: usize, wRow: usize, height: usize, row: usize, pixels: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  let x0 = x + <usize>load<u32>(offsets), x1 = x + <usize>load<u32>(offsets, 4);
  let x2 = x + <usize>load<u32>(offsets, 8), x3 = x + <usize>load<u32>(offsets, 12);
  for (let r: usize = 0; r < height; r++) {
    const dy1 = dy + plane;
    for (let p: usize = 0; p < pixels; p += 16) {
      const da = v128.load(dy + p), db = v128.load(dy1 + p);
      const v0 = v128.load(x0 + p);
      a0 = madd(da, v0, a0); b0 = madd(db, v0, b0);
      const v1 = v128.load(x1 + p);
      a1 = madd(da, v1, a1); b1 = madd(db, v1, b1);
      const v2 = v128.load(x2 + p);
      a2 = madd(da, v2, a2); b2 = madd(db, v2, b2);
      const v3 = v128.load(x3 + p);
      a3 = madd(da, v3, a3); b3 = madd(db, v3, b3);
    }
    dy += row; x0 += row; x1 += row; x2 += row; x3 += row;
  }
  addVector(w, sums(a0, a1, a2, a3));
  addVector(w + wRow, sums(b0, b1, b2, b3));
}

// @ts-ignore: decorator
@inline
function tile1x1(dy: usize, x: usize, offset: usize, w: usize, height: usize, row: usize, pixels: usize): void {
  let sum = f32x4.splat(0);
  x += <usize>load<u32>(offset);
  for (let r: usize = 0; r < height; r++, dy += row, x += row) {
    for (let p: usize = 0; p < pixels; p += 16) sum = madd(v128.load(dy + p), v128.load(x + p), sum);
  }
  store<f32>(w, load<f32>(w) + horizontalSum(sum));
}

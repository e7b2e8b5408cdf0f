// The gradient of a dense layer's weights and biases; layout as in linear.ts. Register budget (V8 keeps 15 vectors): a tile
// of 2 rows of dy by 4 rows of x is 8 accumulators and 6 vectors.

import { rowsLoad } from "./batch";
import { linear } from "./linear";
import { addVector, horizontalSum, madd, sums } from "./simd";

// @ts-ignore: decorator
@inline
function addScalar(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

// Rows of x kept hot while all rows of dy pass over them.
const ROW_BLOCK: usize = 16;
// Columns summed in float32 before the sum is added to the gradient.
const COLUMN_BLOCK: usize = 512;

/**
 * dWeight[o,k] += sum_b dy[o,b] x[k,b], dBias[o] += sum_b dy[o,b]; W is [outputs][inputs]; dBias 0: none.
 * A tile is 2 rows of dy by 4 rows of x, so that its sums are neighbours in dWeight; the last rows of x, where they
 * are no multiple of 4, go by 4 rows of dy and 2 of x.
 */
export function linearWeightGradient(
  dy: usize, dyStride: usize, x: usize, xStride: usize, dWeight: usize, dBias: usize,
  outputs: usize, inputs: usize, batch: usize,
): void {
  const ds = dyStride << 2, xs = xStride << 2, row = inputs << 2, whole = inputs & ~3;
  for (let start: usize = 0; start < batch; start += COLUMN_BLOCK) {
    const bytes = (min(batch, start + COLUMN_BLOCK) - start) << 2;
    const dyBlock = dy + (start << 2), xBlock = x + (start << 2);
    for (let firstRow: usize = 0; firstRow < whole; firstRow += ROW_BLOCK) {
      const lastRow = min(whole, firstRow + ROW_BLOCK);
      let o: usize = 0;
      for (; o + 2 <= outputs; o += 2) {
        const dy0 = dyBlock + o * ds, w0 = dWeight + o * row;
        for (let k = firstRow; k < lastRow; k += 4) {
          weightTile2x4(dy0, ds, xBlock + k * xs, xs, w0 + (k << 2), row, bytes);
        }
      }
      if (o < outputs) {
        const dy0 = dyBlock + o * ds, w0 = dWeight + o * row;
        for (let k = firstRow; k < lastRow; k += 2) weightRest(1, 2, dy0, ds, xBlock + k * xs, xs, w0 + (k << 2), row, bytes);
      }
    }
    for (let k = whole; k < inputs; k += 2) {
      weightRests(inputs - k > 1, dyBlock, ds, xBlock + k * xs, xs, dWeight + (k << 2), row, outputs, bytes);
    }
    if (dBias != 0) biasSums(dyBlock, ds, dBias, outputs, bytes);
  }
}

// All rows of dy by one or two rows of x.
function weightRests(
  two: bool, dy: usize, ds: usize, x: usize, xs: usize, w: usize, row: usize, outputs: usize, bytes: usize,
): void {
  let o: usize = 0;
  for (; o + 4 <= outputs; o += 4, dy += ds << 2, w += row << 2) {
    if (two) weightRest(4, 2, dy, ds, x, xs, w, row, bytes);
    else weightRest(4, 1, dy, ds, x, xs, w, row, bytes);
  }
  for (; o + 2 <= outputs; o += 2, dy += ds << 1, w += row << 1) {
    if (two) weightRest(2, 2, dy, ds, x, xs, w, row, bytes);
    else weightRest(2, 1, dy, ds, x, xs, w, row, bytes);
  }
  if (o < outputs) {
    if (two) weightRest(1, 2, dy, ds, x, xs, w, row, bytes);
    else weightRest(1, 1, dy, ds, x, xs, w, row, bytes);
  }
}

/**
 * linearWeightGradient for inputs that are a multiple of 8, in another order: with x turned round it is the product of `linear`,
 * which goes along the rows of dWeight, one after the other. So it does not wait for those that come from far. scratch: room
 * for x.
 */
export function linearWeightGradientByRows(
  dy: usize, dyStride: usize, x: usize, xStride: usize, dWeight: usize, dBias: usize,
  outputs: usize, inputs: usize, batch: usize, scratch: usize,
): void {
  rowsLoad(x, scratch, inputs, inputs, inputs, xStride);
  linear(dy, dyStride, 1, 0, scratch, inputs, dWeight, inputs, outputs, batch, inputs, false, 0, 0, true);
  if (dBias != 0) biasSums(dy, dyStride << 2, dBias, outputs, batch << 2);
}

// @ts-ignore: decorator
@inline
function weightTile2x4(dy: usize, ds: usize, x: usize, xs: usize, w: usize, row: usize, bytes: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  const dy1 = dy + ds, x1 = x + xs, x2 = x1 + xs, x3 = x2 + xs;
  for (let i: usize = 0; i < bytes; i += 16) {
    const da = v128.load(dy + i), db = v128.load(dy1 + i);
    const v0 = v128.load(x + i);
    a0 = madd(da, v0, a0); b0 = madd(db, v0, b0);
    const v1 = v128.load(x1 + i);
    a1 = madd(da, v1, a1); b1 = madd(db, v1, b1);
    const v2 = v128.load(x2 + i);
    a2 = madd(da, v2, a2); b2 = madd(db, v2, b2);
    const v3 = v128.load(x3 + i);
    a3 = madd(da, v3, a3); b3 = madd(db, v3, b3);
  }
  addVector(w, sums(a0, a1, a2, a3));
  addVector(w + row, sums(b0, b1, b2, b3));
}

// 1, 2 or 4 rows of dy by 1 or 2 rows of x.
// @ts-ignore: decorator
@inline
function weightRest(
  rows: i32, columns: i32, dy: usize, ds: usize, x: usize, xs: usize, w: usize, row: usize, bytes: usize,
): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  const dy1 = dy + ds, dy2 = dy1 + ds, dy3 = dy2 + ds, x1 = x + xs;
  for (let i: usize = 0; i < bytes; i += 16) {
    const v0 = v128.load(x + i), v1 = columns > 1 ? v128.load(x1 + i) : v0;
    const da = v128.load(dy + i);
    a0 = madd(da, v0, a0);
    if (columns > 1) a1 = madd(da, v1, a1);
    if (rows > 1) {
      const db = v128.load(dy1 + i);
      b0 = madd(db, v0, b0);
      if (columns > 1) b1 = madd(db, v1, b1);
    }
    if (rows > 2) {
      const dc = v128.load(dy2 + i), dd = v128.load(dy3 + i);
      c0 = madd(dc, v0, c0); d0 = madd(dd, v0, d0);
      if (columns > 1) { c1 = madd(dc, v1, c1); d1 = madd(dd, v1, d1); }
    }
  }
  addScalar(w, horizontalSum(a0));
  if (columns > 1) addScalar(w + 4, horizontalSum(a1));
  if (rows > 1) {
    addScalar(w + row, horizontalSum(b0));
    if (columns > 1) addScalar(w + row + 4, horizontalSum(b1));
  }
  if (rows > 2) {
    w += row << 1;
    addScalar(w, horizontalSum(c0)); addScalar(w + row, horizontalSum(d0));
    if (columns > 1) { addScalar(w + 4, horizontalSum(c1)); addScalar(w + row + 4, horizontalSum(d1)); }
  }
}

// Four rows of dy at a time: one alone would wait for its own sum.
function biasSums(dy: usize, ds: usize, bias: usize, outputs: usize, bytes: usize): void {
  let o: usize = 0;
  for (; o + 4 <= outputs; o += 4, dy += ds << 2) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    const dy1 = dy + ds, dy2 = dy1 + ds, dy3 = dy2 + ds;
    for (let i: usize = 0; i < bytes; i += 16) {
      a = f32x4.add(a, v128.load(dy + i)); b = f32x4.add(b, v128.load(dy1 + i));
      c = f32x4.add(c, v128.load(dy2 + i)); d = f32x4.add(d, v128.load(dy3 + i));
    }
    addVector(bias + (o << 2), sums(a, b, c, d));
  }
  for (; o < outputs; o++, dy += ds) {
    let a = f32x4.splat(0), b = a;
    let i: usize = 0;
    for (; i + 32 <= bytes; i += 32) { a = f32x4.add(a, v128.load(dy + i)); b = f32x4.add(b, v128.load(dy + i, 16)); }
    if (i < bytes) a = f32x4.add(a, v128.load(dy + i));
    addScalar(bias + (o << 2), horizontalSum(f32x4.add(a, b)));
  }
}

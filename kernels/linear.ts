// Dense layers on feature-major data: row r of a matrix starts at base + 4 * r * stride and runs along the batch.
// The batch is a multiple of 8.
//
// Register budget (V8 keeps 15 vectors): a tile of 4 rows x 2 vectors is 8 accumulators; per input feature it
// loads 2 vectors and splats 4 weights.

import { rowsLoad } from "./batch";
import { horizontalSum, madd, sums } from "./simd";

// Columns of x kept hot in the first-level cache while all rows of W pass over them.
const CACHE_FLOATS: usize = 5120;

// What a tile does with its sums, in pairs of vectors that are neighbours in a row: they are stored, rectified or not, or
// added to what is there; before, those where the input's own ReLU gave 0 are masked. Whoever uses these branches around
// all of a tile's rows: with a few inputs a layer, a branch for each vector would cost as much as the products.

// @ts-ignore: decorator
@inline
function storeTwo(y: usize, a: v128, b: v128): void {
  v128.store(y, a);
  v128.store(y, b, 16);
}

// @ts-ignore: decorator
@inline
function rectifyTwo(y: usize, a: v128, b: v128): void {
  storeTwo(y, f32x4.pmax(a, f32x4.splat(0)), f32x4.pmax(b, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function addTwo(y: usize, a: v128, b: v128): void {
  v128.store(y, f32x4.add(v128.load(y), a));
  v128.store(y, f32x4.add(v128.load(y, 16), b), 16);
}

// @ts-ignore: decorator
@inline
function where(mask: usize, value: v128): v128 {
  return v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0)));
}

// The weights of a tile, [input][4 rows], so that one address serves all four.
const PACKED = memory.data(256);
const MOST_PACKED: usize = 16;
// Columns for which packing pays.
const FEWEST_COLUMNS: usize = 64;

function pack(w: usize, rs: usize, cs: usize, inputs: usize): void {
  const w1 = w + rs, w2 = w1 + rs, w3 = w2 + rs;
  for (let to: usize = PACKED, k: usize = 0, end = inputs * cs; k < end; k += cs, to += 16) {
    store<f32>(to, load<f32>(w + k));
    store<f32>(to, load<f32>(w1 + k), 4);
    store<f32>(to, load<f32>(w2 + k), 8);
    store<f32>(to, load<f32>(w3 + k), 12);
  }
}

// One tile: 4 rows of y by 8 columns. packed: w is PACKED.
// @ts-ignore: decorator
@inline
function tile4(
  packed: bool, w: usize, rs: usize, cs: usize, bias: usize, x: usize, xs: usize, y: usize, ys: usize,
  inputs: usize, rectify: bool, mask: usize, ms: usize, accumulate: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  if (bias != 0) {
    a0 = v128.load32_splat(bias); a1 = a0;
    b0 = v128.load32_splat(bias, 4); b1 = b0;
    c0 = v128.load32_splat(bias, 8); c1 = c0;
    d0 = v128.load32_splat(bias, 12); d1 = d0;
  }
  if (packed) {
    for (const end = w + (inputs << 4); w < end; w += 16, x += xs) {
      const x0 = v128.load(x), x1 = v128.load(x, 16);
      const wa = v128.load32_splat(w);
      a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
      const wb = v128.load32_splat(w, 4);
      b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
      const wc = v128.load32_splat(w, 8);
      c0 = madd(wc, x0, c0); c1 = madd(wc, x1, c1);
      const wd = v128.load32_splat(w, 12);
      d0 = madd(wd, x0, d0); d1 = madd(wd, x1, d1);
    }
  } else {
    let w1 = w + rs, w2 = w1 + rs, w3 = w2 + rs;
    for (let k: usize = 0; k < inputs; k++) {
      const x0 = v128.load(x), x1 = v128.load(x, 16);
      const wa = v128.load32_splat(w);
      a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
      const wb = v128.load32_splat(w1);
      b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
      const wc = v128.load32_splat(w2);
      c0 = madd(wc, x0, c0); c1 = madd(wc, x1, c1);
      const wd = v128.load32_splat(w3);
      d0 = madd(wd, x0, d0); d1 = madd(wd, x1, d1);
      x += xs; w += cs; w1 += cs; w2 += cs; w3 += cs;
    }
  }
  const y1 = y + ys, y2 = y1 + ys, y3 = y2 + ys;
  if (mask != 0) {
    a0 = where(mask, a0); a1 = where(mask + 16, a1);
    mask += ms;
    b0 = where(mask, b0); b1 = where(mask + 16, b1);
    mask += ms;
    c0 = where(mask, c0); c1 = where(mask + 16, c1);
    mask += ms;
    d0 = where(mask, d0); d1 = where(mask + 16, d1);
  }
  if (accumulate) {
    addTwo(y, a0, a1); addTwo(y1, b0, b1); addTwo(y2, c0, c1); addTwo(y3, d0, d1);
  } else if (rectify) {
    rectifyTwo(y, a0, a1); rectifyTwo(y1, b0, b1); rectifyTwo(y2, c0, c1); rectifyTwo(y3, d0, d1);
  } else {
    storeTwo(y, a0, a1); storeTwo(y1, b0, b1); storeTwo(y2, c0, c1); storeTwo(y3, d0, d1);
  }
}

// Rows that do not fill a tile of four: 1 or 2 of them by 16 columns, or by 8.
// @ts-ignore: decorator
@inline
function rest(
  rows: i32, wide: bool, w: usize, rs: usize, cs: usize, bias: usize, x: usize, xs: usize, y: usize, ys: usize,
  inputs: usize, rectify: bool, mask: usize, ms: usize, accumulate: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  if (bias != 0) {
    a0 = v128.load32_splat(bias); a1 = a0; a2 = a0; a3 = a0;
    if (rows > 1) { b0 = v128.load32_splat(bias, 4); b1 = b0; b2 = b0; b3 = b0; }
  }
  for (let k: usize = 0; k < inputs; k++) {
    const x0 = v128.load(x), x1 = v128.load(x, 16), wa = v128.load32_splat(w);
    a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
    if (rows > 1) {
      const wb = v128.load32_splat(w + rs);
      b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
      if (wide) {
        const x2 = v128.load(x, 32), x3 = v128.load(x, 48);
        a2 = madd(wa, x2, a2); a3 = madd(wa, x3, a3);
        b2 = madd(wb, x2, b2); b3 = madd(wb, x3, b3);
      }
    } else if (wide) {
      a2 = madd(wa, v128.load(x, 32), a2); a3 = madd(wa, v128.load(x, 48), a3);
    }
    x += xs; w += cs;
  }
  const y1 = y + ys;
  if (mask != 0) {
    const m1 = mask + ms;
    a0 = where(mask, a0); a1 = where(mask + 16, a1);
    if (wide) { a2 = where(mask + 32, a2); a3 = where(mask + 48, a3); }
    if (rows > 1) {
      b0 = where(m1, b0); b1 = where(m1 + 16, b1);
      if (wide) { b2 = where(m1 + 32, b2); b3 = where(m1 + 48, b3); }
    }
  }
  if (accumulate) {
    addTwo(y, a0, a1);
    if (wide) addTwo(y + 32, a2, a3);
    if (rows > 1) {
      addTwo(y1, b0, b1);
      if (wide) addTwo(y1 + 32, b2, b3);
    }
  } else if (rectify) {
    rectifyTwo(y, a0, a1);
    if (wide) rectifyTwo(y + 32, a2, a3);
    if (rows > 1) {
      rectifyTwo(y1, b0, b1);
      if (wide) rectifyTwo(y1 + 32, b2, b3);
    }
  } else {
    storeTwo(y, a0, a1);
    if (wide) storeTwo(y + 32, a2, a3);
    if (rows > 1) {
      storeTwo(y1, b0, b1);
      if (wide) storeTwo(y1 + 32, b2, b3);
    }
  }
}

/**
 * y[o] = act(sum_k W[o,k] x[k] + bias[o]), with W[o,k] at weight + 4 (o rowStride + k columnStride): the forward
 * pass with (inputs, 1), the gradient of the input with the roles of the strides exchanged.
 * bias, mask: 0 where there is none. mask: y is kept where the mask's row is positive. accumulate: y is added to.
 */
export function linear(
  weight: usize, rowStride: usize, columnStride: usize, bias: usize,
  x: usize, xStride: usize, y: usize, yStride: usize,
  outputs: usize, inputs: usize, batch: usize, rectify: bool, mask: usize, maskStride: usize, accumulate: bool,
): void {
  const rs = rowStride << 2, cs = columnStride << 2, xs = xStride << 2, ys = yStride << 2, ms = maskStride << 2;
  let block = (CACHE_FLOATS / inputs) & ~7;
  if (block < 16) block = 16;
  for (let start: usize = 0; start < batch; start += block) {
    const end = min(batch, start + block);
    let o: usize = 0;
    for (; o + 4 <= outputs; o += 4) {
      const w = weight + o * rs, b = bias != 0 ? bias + (o << 2) : 0;
      const yo = y + o * ys, mo = mask != 0 ? mask + o * ms : 0;
      if (inputs <= MOST_PACKED && end - start >= FEWEST_COLUMNS) {
        pack(w, rs, cs, inputs);
        for (let at = start << 2; at < end << 2; at += 32) {
          tile4(true, PACKED, 0, 0, b, x + at, xs, yo + at, ys, inputs, rectify, mo != 0 ? mo + at : 0, ms, accumulate);
        }
      } else {
        for (let at = start << 2; at < end << 2; at += 32) {
          tile4(false, w, rs, cs, b, x + at, xs, yo + at, ys, inputs, rectify, mo != 0 ? mo + at : 0, ms, accumulate);
        }
      }
    }
    while (o < outputs) {
      const rows: usize = outputs - o > 1 ? 2 : 1;
      const w = weight + o * rs, b = bias != 0 ? bias + (o << 2) : 0;
      const yo = y + o * ys, mo = mask != 0 ? mask + o * ms : 0;
      let column = start;
      for (; column + 16 <= end; column += 16) {
        const at = column << 2, m = mo != 0 ? mo + at : 0;
        if (rows == 2) rest(2, true, w, rs, cs, b, x + at, xs, yo + at, ys, inputs, rectify, m, ms, accumulate);
        else rest(1, true, w, rs, cs, b, x + at, xs, yo + at, ys, inputs, rectify, m, ms, accumulate);
      }
      if (column < end) {
        const at = column << 2, m = mo != 0 ? mo + at : 0;
        if (rows == 2) rest(2, false, w, rs, cs, b, x + at, xs, yo + at, ys, inputs, rectify, m, ms, accumulate);
        else rest(1, false, w, rs, cs, b, x + at, xs, yo + at, ys, inputs, rectify, m, ms, accumulate);
      }
      o += rows;
    }
  }
}

// @ts-ignore: decorator
@inline
function addVector(at: usize, value: v128): void {
  v128.store(at, f32x4.add(v128.load(at), value));
}

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

// Dense layers on feature-major data: row r of a matrix starts at base + 4 * r * stride and runs along the batch.
// The batch is a multiple of 8.
//
// Register budget (V8 keeps 15 vectors): a tile of 3 rows x 3 vectors is 9 accumulators; per input feature it loads 3
// vectors and splats 3 weights. Multiply-adds take 4 cycles and start two a cycle, so that 8 accumulators, of tiles of
// 4 x 2, just keep the units busy where nothing ever waits; with 9 there is some slack.

import { ownMemory, PACKED } from "./own-memory";
import { readStretches } from "./read-ahead";
import { madd } from "./simd";

// A block of x, inputs by columns, stays in the first-level cache while all rows of W pass over it.
const BLOCK_INPUTS: usize = 196;
const BLOCK_FLOATS: usize = 5120;
// Columns of two tiles of 3 rows. Fewer go by tiles of 4 rows.
const BLOCK_COLUMNS: usize = 24;
// Where multiply-adds are not fused, products need a register of their own, and 9 accumulators are too many.
const FUSED: bool = ASC_FEATURE_RELAXED_SIMD;

// @ts-ignore: decorator
@inline
function storeRow(y: usize, vectors: i32, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(y, a); v128.store(y, b, 16);
  if (vectors > 2) v128.store(y, c, 32);
  if (vectors > 3) v128.store(y, d, 48);
}

// @ts-ignore: decorator
@inline
function rectifyRow(y: usize, vectors: i32, a: v128, b: v128, c: v128, d: v128): void {
  const zero = f32x4.splat(0);
  storeRow(y, vectors, f32x4.pmax(a, zero), f32x4.pmax(b, zero), f32x4.pmax(c, zero), f32x4.pmax(d, zero));
}

// @ts-ignore: decorator
@inline
function where(mask: usize, value: v128): v128 {
  return v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
function maskRow(y: usize, vectors: i32, mask: usize, a: v128, b: v128, c: v128, d: v128): void {
  a = where(mask, a); b = where(mask + 16, b);
  if (vectors > 2) c = where(mask + 32, c);
  if (vectors > 3) d = where(mask + 48, d);
  storeRow(y, vectors, a, b, c, d);
}

// One tile of `rows` rows by `vectors` vectors: 4 x 2, 3 x 3 or 2, 2 or 1 x 4 or 2. adjacent: the rows of w are 4 bytes
// apart, so that one address serves all. What is done at the end branches around all rows: with a few inputs, a branch
// for each vector would cost as much as the products.
// @ts-ignore: decorator
@inline
function tile(
  rows: i32, vectors: i32, adjacent: bool, w: usize, rs: usize, cs: usize, bias: usize, x: usize, xs: usize,
  y: usize, ys: usize, inputs: usize, rectify: bool, mask: usize, ms: usize, accumulate: bool,
): void {
  const zero = f32x4.splat(0), y1 = y + ys, y2 = y1 + ys, y3 = y2 + ys;
  let a0 = zero, a1 = zero, a2 = zero, a3 = zero, b0 = zero, b1 = zero, b2 = zero, b3 = zero;
  let c0 = zero, c1 = zero, c2 = zero, d0 = zero, d1 = zero;
  if (accumulate) {
    a0 = v128.load(y); a1 = v128.load(y, 16);
    if (vectors > 2) a2 = v128.load(y, 32);
    if (vectors > 3) a3 = v128.load(y, 48);
    if (rows > 1) {
      b0 = v128.load(y1); b1 = v128.load(y1, 16);
      if (vectors > 2) b2 = v128.load(y1, 32);
      if (vectors > 3) b3 = v128.load(y1, 48);
    }
    if (rows > 2) {
      c0 = v128.load(y2); c1 = v128.load(y2, 16);
      if (vectors > 2) c2 = v128.load(y2, 32);
    }
    if (rows > 3) { d0 = v128.load(y3); d1 = v128.load(y3, 16); }
  } else if (bias != 0) {
    a0 = v128.load32_splat(bias); a1 = a0; a2 = a0; a3 = a0;
    if (rows > 1) { b0 = v128.load32_splat(bias, 4); b1 = b0; b2 = b0; b3 = b0; }
    if (rows > 2) { c0 = v128.load32_splat(bias, 8); c1 = c0; c2 = c0; }
    if (rows > 3) { d0 = v128.load32_splat(bias, 12); d1 = d0; }
  }
  let w1 = w + rs, w2 = w1 + rs, w3 = w2 + rs;
  for (const end = w + inputs * cs; w < end; w += cs, x += xs) {
    const x0 = v128.load(x), x1 = v128.load(x, 16);
    const x2 = vectors > 2 ? v128.load(x, 32) : zero, x3 = vectors > 3 ? v128.load(x, 48) : zero;
    const wa = v128.load32_splat(w);
    a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
    if (vectors > 2) a2 = madd(wa, x2, a2);
    if (vectors > 3) a3 = madd(wa, x3, a3);
    if (rows > 1) {
      const wb = adjacent ? v128.load32_splat(w, 4) : v128.load32_splat(w1);
      b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
      if (vectors > 2) b2 = madd(wb, x2, b2);
      if (vectors > 3) b3 = madd(wb, x3, b3);
    }
    if (rows > 2) {
      const wc = adjacent ? v128.load32_splat(w, 8) : v128.load32_splat(w2);
      c0 = madd(wc, x0, c0); c1 = madd(wc, x1, c1);
      if (vectors > 2) c2 = madd(wc, x2, c2);
    }
    if (rows > 3) {
      const wd = adjacent ? v128.load32_splat(w, 12) : v128.load32_splat(w3);
      d0 = madd(wd, x0, d0); d1 = madd(wd, x1, d1);
    }
    if (!adjacent) { w1 += cs; w2 += cs; w3 += cs; }
  }
  if (rectify) {
    rectifyRow(y, vectors, a0, a1, a2, a3);
    if (rows > 1) rectifyRow(y1, vectors, b0, b1, b2, b3);
    if (rows > 2) rectifyRow(y2, vectors, c0, c1, c2, zero);
    if (rows > 3) rectifyRow(y3, vectors, d0, d1, zero, zero);
  } else if (mask != 0) {
    const m1 = mask + ms, m2 = m1 + ms;
    maskRow(y, vectors, mask, a0, a1, a2, a3);
    if (rows > 1) maskRow(y1, vectors, m1, b0, b1, b2, b3);
    if (rows > 2) maskRow(y2, vectors, m2, c0, c1, c2, zero);
    if (rows > 3) maskRow(y3, vectors, m2 + ms, d0, d1, zero, zero);
  } else {
    storeRow(y, vectors, a0, a1, a2, a3);
    if (rows > 1) storeRow(y1, vectors, b0, b1, b2, b3);
    if (rows > 2) storeRow(y2, vectors, c0, c1, c2, zero);
    if (rows > 3) storeRow(y3, vectors, d0, d1, zero, zero);
  }
}

// A panel, `rows` rows of y along `bytes` of the batch: by the widest tiles, then by 8 columns.
// @ts-ignore: decorator
@inline
function panel(
  rows: i32, adjacent: bool, w: usize, rs: usize, cs: usize, bias: usize, x: usize, xs: usize, y: usize, ys: usize,
  inputs: usize, bytes: usize, rectify: bool, mask: usize, ms: usize, accumulate: bool,
): void {
  const wide: i32 = rows == 4 ? 2 : rows == 3 ? 3 : 4, step: usize = wide << 4;
  let at: usize = 0;
  // By 12 columns as long as what is left goes by 12 or 8: where it is 16, by 8 and 8.
  for (; at + step <= bytes && (rows != 3 || bytes - at != 64); at += step) {
    const m = mask != 0 ? mask + at : 0;
    tile(rows, wide, adjacent, w, rs, cs, bias, x + at, xs, y + at, ys, inputs, rectify, m, ms, accumulate);
  }
  if (rows == 4) return;
  for (; at < bytes; at += 32) {
    const m = mask != 0 ? mask + at : 0;
    tile(rows, 2, adjacent, w, rs, cs, bias, x + at, xs, y + at, ys, inputs, rectify, m, ms, accumulate);
  }
}

// The weights of a panel, [input][rows], are packed for so many inputs and columns.
const MOST_PACKED: usize = 16;
const FEWEST_COLUMNS: usize = 64;

// @ts-ignore: decorator
@inline
function pack(packed: usize, rows: i32, w: usize, rs: usize, cs: usize, inputs: usize): void {
  const w1 = w + rs, w2 = w1 + rs, w3 = w2 + rs;
  for (let to = packed, k: usize = 0, end = inputs * cs; k < end; k += cs, to += rows << 2) {
    store<f32>(to, load<f32>(w + k));
    store<f32>(to, load<f32>(w1 + k), 4);
    store<f32>(to, load<f32>(w2 + k), 8);
    if (rows > 3) store<f32>(to, load<f32>(w3 + k), 12);
  }
}

// A panel of 4 or 3 rows, which are made adjacent where that pays.
// @ts-ignore: decorator
@inline
function tallPanel(
  rows: i32, w: usize, rs: usize, cs: usize, bias: usize, x: usize, xs: usize, y: usize, ys: usize,
  inputs: usize, bytes: usize, rectify: bool, mask: usize, ms: usize, accumulate: bool,
): void {
  if (rs == 4) {
    panel(rows, true, w, 4, cs, bias, x, xs, y, ys, inputs, bytes, rectify, mask, ms, accumulate);
  } else if (inputs <= MOST_PACKED && bytes >= FEWEST_COLUMNS << 2) {
    const packed = ownMemory(PACKED);
    pack(packed, rows, w, rs, cs, inputs);
    panel(rows, true, packed, 4, rows << 2, bias, x, xs, y, ys, inputs, bytes, rectify, mask, ms, accumulate);
  } else {
    panel(rows, false, w, rs, cs, bias, x, xs, y, ys, inputs, bytes, rectify, mask, ms, accumulate);
  }
}

// Weights beyond the near caches arrive faster in long stretches than as panels ask for them: the first pass over such
// weights reads some rows ahead, as many as a second-level cache easily holds.
const FAR_WEIGHTS: usize = 32 * 1024;
const AHEAD_FLOATS: usize = 32 * 1024;

// The weights of `rows` rows and `count` inputs.
// @ts-ignore: decorator
@inline
function readWeights(w: usize, rs: usize, cs: usize, rows: usize, count: usize): void {
  if (rs == 4) readStretches(w, rows << 2, count, cs);
  else readStretches(w, count << 2, rows, rs);
}

/**
 * y[o] = act(sum_k W[o,k] x[k] + bias[o]), with W[o,k] at weight + 4 (o rowStride + k columnStride): the forward
 * pass with (inputs, 1), the gradient of the input with the roles of the strides exchanged.
 * bias, mask: 0 where there is none. accumulate: y takes the place of the bias. mask, without rectify: y becomes 0
 * where the mask is not positive.
 */
export function linear(
  weight: usize, rowStride: usize, columnStride: usize, bias: usize,
  x: usize, xStride: usize, y: usize, yStride: usize,
  outputs: usize, inputs: usize, batch: usize, rectify: bool, mask: usize, maskStride: usize, accumulate: bool,
): void {
  const rs = rowStride << 2, cs = columnStride << 2, xs = xStride << 2, ys = yStride << 2, ms = maskStride << 2;
  const columns = BLOCK_FLOATS / min(inputs, BLOCK_INPUTS) / BLOCK_COLUMNS * BLOCK_COLUMNS;
  for (let start: usize = 0; start < batch; start += columns) {
    const bytes = (min(batch, start + columns) - start) << 2;
    // Three rows at a time, and as many fours as make up for what three does not divide.
    let fours = outputs % 3;
    if (!FUSED || bytes < BLOCK_COLUMNS << 2) fours = outputs >> 2;
    else if (outputs < fours << 2) fours = 0;
    for (let first: usize = 0; first < inputs; first += BLOCK_INPUTS) {
      const count = min(inputs - first, BLOCK_INPUTS), isLast = first + count == inputs;
      const act = rectify && isLast, more = accumulate || first > 0, xb = x + (start << 2) + first * xs;
      let w = weight + first * cs, b = bias, yo = y + (start << 2), m = isLast && mask != 0 ? mask + (start << 2) : 0;
      const group = max<usize>(AHEAD_FLOATS / count, 12);
      let o: usize = 0, ahead: usize = start == 0 && outputs * inputs >= FAR_WEIGHTS ? 0 : outputs;
      for (; o < fours << 2; o += 4) {
        if (o >= ahead) { readWeights(w, rs, cs, min(group, outputs - o), count); ahead = o + group; }
        tallPanel(4, w, rs, cs, b, xb, xs, yo, ys, count, bytes, act, m, ms, more);
        w += rs << 2; yo += ys << 2;
        if (b != 0) b += 16;
        if (m != 0) m += ms << 2;
      }
      for (; o + 3 <= outputs; o += 3) {
        if (o >= ahead) { readWeights(w, rs, cs, min(group, outputs - o), count); ahead = o + group; }
        tallPanel(3, w, rs, cs, b, xb, xs, yo, ys, count, bytes, act, m, ms, more);
        w += rs * 3; yo += ys * 3;
        if (b != 0) b += 12;
        if (m != 0) m += ms * 3;
      }
      if (o + 2 == outputs) panel(2, false, w, rs, cs, b, xb, xs, yo, ys, count, bytes, act, m, ms, more);
      else if (o < outputs) panel(1, false, w, rs, cs, b, xb, xs, yo, ys, count, bytes, act, m, ms, more);
    }
  }
}

// The one-dimensional transforms of the Winograd convolution F(7,3): y = A^T [(G w) . (B^T d)] computes 7 outputs of a
// 3-tap filter w from 9 inputs d with 9 products. In two dimensions each is applied along columns, then along rows.
//
// The interpolation points are +-a, +-1, +-b, +-c and infinity, and the products lie in this order, those of a pair side
// by side. With a = 1/4, b = 11/16 and c = 2 every coefficient of A and B is exact in float32.
//
// Each transform reads vectors `step` bytes apart and writes vectors `toStep` bytes apart. 9 vectors of data leave no
// room for constants: they come from a table, each as it is needed. Sums and differences are preferred to multiply-adds
// where either will do: processors have other units for them.

import { madd } from "./simd";

/** Products of a tile along a side. */
export const SIDE: usize = 9;

const A: f32 = 0.25, A2: f32 = A * A;
const B: f32 = 0.6875, B2: f32 = B * B;
const C: f32 = 2, C2: f32 = C * C;
// One over the product of a point's distances to the other points.
const NA: f32 = 1 / (2 * A * (A2 - 1) * (A2 - B2) * (A2 - C2));
const N1: f32 = 1 / (2 * (1 - A2) * (1 - B2) * (1 - C2));
const NB: f32 = 1 / (2 * B * (B2 - 1) * (B2 - A2) * (B2 - C2));
const NC: f32 = 1 / (2 * C * (C2 - 1) * (C2 - A2) * (C2 - B2));

const CONSTANTS = memory.data<f32>([
  A, B, A2, B2, A2 * A, B2 * B, A2 * A2, B2 * B2, A2 * A2 * A, B2 * B2 * B, A2 * A2 * A2, B2 * B2 * B2,
  C2, -A2, -B2, -C2, B2 * C2, -(B2 + C2),
  NA, NB, NC, N1, NA * A, NB * B, NC * C, NA * A2, NB * B2, NC * C2,
]);
// Their places in the table. POWER to POWER6 are those of a and, one further, of b.
const POWER: usize = 0, POWER2: usize = 2, POWER3: usize = 4, POWER4: usize = 6, POWER5: usize = 8, POWER6: usize = 10;
const SQUARE_C: usize = 12, MINUS_A2: usize = 13, MINUS_B2: usize = 14, MINUS_C2: usize = 15;
const PRODUCT_BC: usize = 16, SUM_BC: usize = 17;
// NORM and its products with powers: of a, b and c, and N1 behind NORM's.
const NORM: usize = 18, NORM_POWER: usize = 22, NORM_POWER2: usize = 25;

// @ts-ignore: decorator
@inline
function constant(place: usize): v128 {
  return v128.load32_splat(CONSTANTS + (place << 2));
}

/** B^T: 9 vectors of the input to as many. */
// @ts-ignore: decorator
@inline
export function inputTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const from3 = from + step * 3, from6 = from3 + step * 3, step2 = step << 1;
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + step2);
  const d3 = v128.load(from3), d4 = v128.load(from3 + step), d5 = v128.load(from3 + step2);
  const d6 = v128.load(from6), d7 = v128.load(from6 + step), d8 = v128.load(from6 + step2);

  // The input with the zeros +-1 put in, which takes no products; with +-a, too; and with +-b and +-c.
  const minusA2 = constant(MINUS_A2), sumBC = constant(SUM_BC), productBC = constant(PRODUCT_BC);
  const g0 = f32x4.sub(d2, d0), g2 = f32x4.sub(d4, d2), g4 = f32x4.sub(d6, d4), g6 = f32x4.sub(d8, d6);
  const w0 = madd(minusA2, g0, g2), w2 = madd(minusA2, g2, g4), w4 = madd(minusA2, g4, g6);
  v128.store(to + (toStep << 3), madd(productBC, w0, madd(sumBC, w2, w4)));
  const u0 = madd(sumBC, d2, madd(productBC, d0, d4)), u2 = madd(sumBC, d4, madd(productBC, d2, d6));
  const u1 = madd(sumBC, d3, madd(productBC, d1, d5)), u3 = madd(sumBC, d5, madd(productBC, d3, d7));
  const evenA = f32x4.sub(u3, u1), oddA = f32x4.mul(constant(POWER), f32x4.sub(u2, u0));
  v128.store(to, f32x4.add(oddA, evenA));
  v128.store(to += toStep, f32x4.sub(oddA, evenA));
  const even1 = madd(minusA2, u1, u3), odd1 = madd(minusA2, u0, u2);
  v128.store(to += toStep, f32x4.add(odd1, even1));
  v128.store(to += toStep, f32x4.sub(odd1, even1));

  const g1 = f32x4.sub(d3, d1), g3 = f32x4.sub(d5, d3), g5 = f32x4.sub(d7, d5);
  const w1 = madd(minusA2, g1, g3), w3 = madd(minusA2, g3, g5);
  const minusC2 = constant(MINUS_C2), minusB2 = constant(MINUS_B2);
  const evenB = madd(minusC2, w1, w3), oddB = f32x4.mul(constant(POWER + 1), madd(minusC2, w0, w2));
  v128.store(to += toStep, f32x4.add(oddB, evenB));
  v128.store(to += toStep, f32x4.sub(oddB, evenB));
  const evenC = madd(minusB2, w1, w3), halfC = madd(minusB2, w0, w2), oddC = f32x4.add(halfC, halfC);
  v128.store(to += toStep, f32x4.add(oddC, evenC));
  v128.store(to + toStep, f32x4.sub(oddC, evenC));
}

// Values at +-a and +-b times a power of their points, and the rest.
// @ts-ignore: decorator
@inline
function powerSum(power: usize, a: v128, b: v128, rest: v128): v128 {
  return madd(constant(power), a, madd(constant(power + 1), b, rest));
}

/** A^T: 9 vectors of products to 7 of the output. Where `last` is set, the output is offset and at least `lowest`. */
// @ts-ignore: decorator
@inline
export function outputTransform(
  from: usize, step: usize, to: usize, toStep: usize, last: bool, offset: v128, lowest: v128,
): void {
  const step2 = step << 1;
  let plus = v128.load(from), minus = v128.load(from + step);
  const evenA = f32x4.add(plus, minus), oddA = f32x4.sub(plus, minus);
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const even1 = f32x4.add(plus, minus), odd1 = f32x4.sub(plus, minus);
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const evenB = f32x4.add(plus, minus), oddB = f32x4.sub(plus, minus);
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const evenC = f32x4.add(plus, minus), oddC = f32x4.sub(plus, minus);
  const c2 = constant(SQUARE_C);
  const y0 = f32x4.add(f32x4.add(evenA, evenB), f32x4.add(even1, evenC));
  finish(to, y0, last, offset, lowest);
  // Each power of c from the one before the last.
  let even = f32x4.mul(c2, evenC), odd = f32x4.add(oddC, oddC);
  finish(to += toStep, powerSum(POWER, oddA, oddB, f32x4.add(odd1, odd)), last, offset, lowest);
  finish(to += toStep, powerSum(POWER2, evenA, evenB, f32x4.add(even1, even)), last, offset, lowest);
  odd = f32x4.mul(c2, odd);
  finish(to += toStep, powerSum(POWER3, oddA, oddB, f32x4.add(odd1, odd)), last, offset, lowest);
  even = f32x4.mul(c2, even);
  finish(to += toStep, powerSum(POWER4, evenA, evenB, f32x4.add(even1, even)), last, offset, lowest);
  odd = f32x4.mul(c2, odd);
  finish(to += toStep, powerSum(POWER5, oddA, oddB, f32x4.add(odd1, odd)), last, offset, lowest);
  even = f32x4.mul(c2, even);
  const y6 = powerSum(POWER6, evenA, evenB, f32x4.add(even1, even));
  finish(to + toStep, f32x4.add(y6, v128.load(from + step2)), last, offset, lowest);
}

// @ts-ignore: decorator
@inline
function finish(to: usize, value: v128, last: bool, offset: v128, lowest: v128): void {
  v128.store(to, last ? f32x4.pmax(f32x4.add(value, offset), lowest) : value);
}

/** A: 7 vectors of the output's gradient to 9. */
// @ts-ignore: decorator
@inline
export function outputGradientTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const from3 = from + step * 3, step2 = step << 1;
  const y0 = v128.load(from), y1 = v128.load(from + step), y2 = v128.load(from + step2), y3 = v128.load(from3);
  const y4 = v128.load(from3 + step), y5 = v128.load(from3 + step2), y6 = v128.load(from3 + step * 3);
  v128.store(to + (toStep << 3), y6);
  const a2 = constant(POWER2), b2 = constant(POWER2 + 1), c2 = constant(SQUARE_C);
  const evenA = madd(a2, madd(a2, madd(a2, y6, y4), y2), y0);
  const oddA = f32x4.mul(constant(POWER), madd(a2, madd(a2, y5, y3), y1));
  v128.store(to, f32x4.add(evenA, oddA));
  v128.store(to += toStep, f32x4.sub(evenA, oddA));
  const even1 = f32x4.add(f32x4.add(y0, y2), f32x4.add(y4, y6)), odd1 = f32x4.add(f32x4.add(y1, y3), y5);
  v128.store(to += toStep, f32x4.add(even1, odd1));
  v128.store(to += toStep, f32x4.sub(even1, odd1));
  const evenB = madd(b2, madd(b2, madd(b2, y6, y4), y2), y0);
  const oddB = f32x4.mul(constant(POWER + 1), madd(b2, madd(b2, y5, y3), y1));
  v128.store(to += toStep, f32x4.add(evenB, oddB));
  v128.store(to += toStep, f32x4.sub(evenB, oddB));
  const evenC = madd(c2, madd(c2, madd(c2, y6, y4), y2), y0);
  const halfC = madd(c2, madd(c2, y5, y3), y1), oddC = f32x4.add(halfC, halfC);
  v128.store(to += toStep, f32x4.add(evenC, oddC));
  v128.store(to + toStep, f32x4.sub(evenC, oddC));
}

/**
 * B: 9 vectors of the gradient of what B^T gives to as many of the input's gradient. Where `last` is set, they are zero
 * where the mask, `toMask` bytes further, is not positive, and added to what is there: all or the first two. The first
 * and the last are left out where they lie outside the image.
 */
// @ts-ignore: decorator
@inline
export function inputGradientTransform(
  from: usize, step: usize, to: usize, toStep: usize,
  last: bool, masked: bool, toMask: usize, addAll: bool, addTwo: bool, first: bool, ninth: bool,
): void {
  const step2 = step << 1, fromB = from + (step << 2), fromC = fromB + step2;
  const oddA = f32x4.mul(constant(POWER), f32x4.add(v128.load(from), v128.load(from + step)));
  const odd1 = f32x4.add(v128.load(from + step2), v128.load(from + step2 + step));
  const oddB = f32x4.mul(constant(POWER + 1), f32x4.add(v128.load(fromB), v128.load(fromB + step)));
  const halfC = f32x4.add(v128.load(fromC), v128.load(fromC + step)), oddC = f32x4.add(halfC, halfC);
  let d8 = v128.load(fromC + step2);

  const minusA2 = constant(MINUS_A2), minusB2 = constant(MINUS_B2), minusC2 = constant(MINUS_C2);
  const sumBC = constant(SUM_BC), productBC = constant(PRODUCT_BC);
  const to2 = to + (toStep << 1), to4 = to2 + (toStep << 1), to6 = to4 + (toStep << 1), to8 = to6 + (toStep << 1);
  const w0 = madd(productBC, d8, madd(minusC2, oddB, f32x4.mul(minusB2, oddC)));
  const w2 = madd(sumBC, d8, f32x4.add(oddB, oddC));
  const g0 = f32x4.mul(minusA2, w0), g2 = madd(minusA2, w2, w0), g4 = madd(minusA2, d8, w2);
  const u0 = madd(minusA2, odd1, f32x4.neg(oddA)), u2 = f32x4.add(oddA, odd1);
  let d0 = madd(productBC, u0, f32x4.neg(g0));
  let d2 = madd(productBC, u2, madd(sumBC, u0, f32x4.sub(g0, g2)));
  let d4 = madd(sumBC, u2, f32x4.add(u0, f32x4.sub(g2, g4)));
  let d6 = f32x4.add(u2, f32x4.sub(g4, d8));
  if (last && masked) {
    d0 = where(to + toMask, d0); d2 = where(to2 + toMask, d2); d4 = where(to4 + toMask, d4);
    d6 = where(to6 + toMask, d6); d8 = where(to8 + toMask, d8);
  }
  if (last && (addAll || addTwo)) d0 = f32x4.add(d0, v128.load(to));
  if (last && addAll) {
    d2 = f32x4.add(d2, v128.load(to2)); d4 = f32x4.add(d4, v128.load(to4));
    d6 = f32x4.add(d6, v128.load(to6)); d8 = f32x4.add(d8, v128.load(to8));
  }
  if (first) v128.store(to, d0);
  v128.store(to2, d2); v128.store(to4, d4); v128.store(to6, d6);
  if (ninth) v128.store(to8, d8);

  const evenA = f32x4.sub(v128.load(from), v128.load(from + step));
  const even1 = f32x4.sub(v128.load(from + step2), v128.load(from + step2 + step));
  const evenB = f32x4.sub(v128.load(fromB), v128.load(fromB + step));
  const evenC = f32x4.sub(v128.load(fromC), v128.load(fromC + step));
  const to1 = to + toStep, to3 = to2 + toStep, to5 = to4 + toStep, to7 = to6 + toStep;
  const w1 = madd(minusC2, evenB, f32x4.mul(minusB2, evenC)), g5 = f32x4.add(evenB, evenC);
  const g1 = f32x4.mul(minusA2, w1), g3 = madd(minusA2, g5, w1);
  const u1 = madd(minusA2, even1, f32x4.neg(evenA)), u3 = f32x4.add(evenA, even1);
  let d1 = madd(productBC, u1, f32x4.neg(g1));
  let d3 = madd(productBC, u3, madd(sumBC, u1, f32x4.sub(g1, g3)));
  let d5 = madd(sumBC, u3, f32x4.add(u1, f32x4.sub(g3, g5)));
  let d7 = f32x4.add(u3, g5);
  if (last && masked) {
    d1 = where(to1 + toMask, d1); d3 = where(to3 + toMask, d3);
    d5 = where(to5 + toMask, d5); d7 = where(to7 + toMask, d7);
  }
  if (last && (addAll || addTwo)) d1 = f32x4.add(d1, v128.load(to1));
  if (last && addAll) {
    d3 = f32x4.add(d3, v128.load(to3)); d5 = f32x4.add(d5, v128.load(to5)); d7 = f32x4.add(d7, v128.load(to7));
  }
  v128.store(to1, d1); v128.store(to3, d3); v128.store(to5, d5); v128.store(to7, d7);
}

// @ts-ignore: decorator
@inline
function where(mask: usize, value: v128): v128 {
  return v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0)));
}

/** G: 3 vectors of the filter to 9. */
// @ts-ignore: decorator
@inline
export function weightTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const w0 = v128.load(from), w1 = v128.load(from + step), w2 = v128.load(from + (step << 1));
  const evenA = madd(constant(NORM_POWER2), w2, f32x4.mul(constant(NORM), w0));
  const oddA = f32x4.mul(constant(NORM_POWER), w1);
  v128.store(to, f32x4.add(evenA, oddA));
  v128.store(to += toStep, f32x4.sub(evenA, oddA));
  const norm1 = constant(NORM + 3), even1 = f32x4.mul(norm1, f32x4.add(w0, w2)), odd1 = f32x4.mul(norm1, w1);
  v128.store(to += toStep, f32x4.add(even1, odd1));
  v128.store(to += toStep, f32x4.sub(even1, odd1));
  const evenB = madd(constant(NORM_POWER2 + 1), w2, f32x4.mul(constant(NORM + 1), w0));
  const oddB = f32x4.mul(constant(NORM_POWER + 1), w1);
  v128.store(to += toStep, f32x4.add(evenB, oddB));
  v128.store(to += toStep, f32x4.sub(evenB, oddB));
  const evenC = madd(constant(NORM_POWER2 + 2), w2, f32x4.mul(constant(NORM + 2), w0));
  const oddC = f32x4.mul(constant(NORM_POWER + 2), w1);
  v128.store(to += toStep, f32x4.add(evenC, oddC));
  v128.store(to += toStep, f32x4.sub(evenC, oddC));
  v128.store(to + toStep, w2);
}

/** G^T: 9 vectors of products to 3 of the filter's gradient. */
// @ts-ignore: decorator
@inline
export function weightGradientTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const step2 = step << 1;
  let plus = v128.load(from), minus = v128.load(from + step);
  const evenA = f32x4.add(plus, minus), oddA = f32x4.sub(plus, minus);
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const even1 = f32x4.mul(constant(NORM + 3), f32x4.add(plus, minus));
  const odd1 = f32x4.mul(constant(NORM + 3), f32x4.sub(plus, minus));
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const evenB = f32x4.add(plus, minus), oddB = f32x4.sub(plus, minus);
  plus = v128.load(from += step2); minus = v128.load(from + step);
  const evenC = f32x4.add(plus, minus), oddC = f32x4.sub(plus, minus);
  v128.store(to, powerSum(NORM, evenA, evenB, madd(constant(NORM + 2), evenC, even1)));
  v128.store(to += toStep, powerSum(NORM_POWER, oddA, oddB, madd(constant(NORM_POWER + 2), oddC, odd1)));
  const rest = f32x4.add(even1, v128.load(from + step2));
  v128.store(to + toStep, powerSum(NORM_POWER2, evenA, evenB, madd(constant(NORM_POWER2 + 2), evenC, rest)));
}

// The one-dimensional transforms of the Winograd convolution F(4,3): y = A^T [(G w) . (B^T d)] computes 4 outputs of a
// 3-tap filter w from 6 inputs d with 6 products. In two dimensions each is applied along columns, then along rows.
//
// The interpolation points are 0, +-a, +-b and infinity. With a = 5/8 and b = 3/2 every coefficient of A and B is
// exact in float32, and the error is less than half of that with the textbook's 1 and 2.
//
// The product at infinity serves the fourth output only: without it, 5 products compute 3 outputs from 5 inputs, with
// the same coefficients. So a tile is 4 or 3 outputs long, and `four` says which.
//
// Each transform reads vectors `step` bytes apart and writes vectors `toStep` bytes apart, all but the sixth, which has
// its own address. It needs at most 6 vectors of data, 4 of intermediate results and 6 constants.

import { madd } from "./simd";

export const A: f32 = 0.625;
export const B: f32 = 1.5;
export const A2: f32 = A * A;
export const B2: f32 = B * B;
export const A3: f32 = A2 * A;
export const B3: f32 = B2 * B;
// One over the product of a point's distances to the other points.
const N0: f32 = 1 / (A2 * B2);
const NA: f32 = 1 / (2 * A2 * (A2 - B2));
const NB: f32 = 1 / (2 * B2 * (B2 - A2));

/** B^T: 6 (5) vectors of the input to as many. */
// @ts-ignore: decorator
@inline
export function inputTransform(from: usize, step: usize, to: usize, toStep: usize, sixth: usize, four: bool): void {
  const step2 = step << 1, from3 = from + step + step2;
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + step2);
  const d3 = v128.load(from3), d4 = v128.load(from3 + step);
  const minusA2 = f32x4.splat(-A2), minusB2 = f32x4.splat(-B2);
  const product = f32x4.splat(A2 * B2), minusSum = f32x4.splat(-A2 - B2);
  const evenA = madd(minusB2, d2, d4), oddA = f32x4.mul(f32x4.splat(A), madd(minusB2, d1, d3));
  const evenB = madd(minusA2, d2, d4), oddB = f32x4.mul(f32x4.splat(B), madd(minusA2, d1, d3));
  v128.store(to, madd(product, d0, madd(minusSum, d2, d4)));
  v128.store(to += toStep, f32x4.add(evenA, oddA));
  v128.store(to += toStep, f32x4.sub(evenA, oddA));
  v128.store(to += toStep, f32x4.add(evenB, oddB));
  v128.store(to + toStep, f32x4.sub(evenB, oddB));
  if (four) v128.store(sixth, madd(product, d1, madd(minusSum, d3, v128.load(from3 + step2))));
}

/** A^T: 6 (5) vectors of products to 4 (3) of the output; here it is the input whose sixth lies elsewhere. */
// @ts-ignore: decorator
@inline
export function outputTransform(from: usize, step: usize, sixth: usize, to: usize, toStep: usize, four: bool): void {
  const step2 = step << 1, from3 = from + step + step2;
  const m0 = v128.load(from), m1 = v128.load(from + step), m2 = v128.load(from + step2);
  const m3 = v128.load(from3), m4 = v128.load(from3 + step);
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2);
  const evenB = f32x4.add(m3, m4), oddB = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(m0, f32x4.add(evenA, evenB)));
  v128.store(to += toStep, madd(f32x4.splat(B), oddB, f32x4.mul(f32x4.splat(A), oddA)));
  v128.store(to += toStep, madd(f32x4.splat(B2), evenB, f32x4.mul(f32x4.splat(A2), evenA)));
  if (four) v128.store(to + toStep, madd(f32x4.splat(B3), oddB, madd(f32x4.splat(A3), oddA, v128.load(sixth))));
}

/** A: 4 (3) vectors of the output's gradient to 6 (5). */
// @ts-ignore: decorator
@inline
export function outputGradientTransform(
  from: usize, step: usize, to: usize, toStep: usize, sixth: usize, four: bool,
): void {
  const y0 = v128.load(from), y1 = v128.load(from + step), y2 = v128.load(from + (step << 1));
  const evenA = madd(f32x4.splat(A2), y2, y0), evenB = madd(f32x4.splat(B2), y2, y0);
  let oddA = f32x4.mul(f32x4.splat(A), y1), oddB = f32x4.mul(f32x4.splat(B), y1);
  if (four) {
    const y3 = v128.load(from + step * 3);
    oddA = madd(f32x4.splat(A3), y3, oddA);
    oddB = madd(f32x4.splat(B3), y3, oddB);
    v128.store(sixth, y3);
  }
  v128.store(to, y0);
  v128.store(to += toStep, f32x4.add(evenA, oddA));
  v128.store(to += toStep, f32x4.sub(evenA, oddA));
  v128.store(to += toStep, f32x4.add(evenB, oddB));
  v128.store(to + toStep, f32x4.sub(evenB, oddB));
}

/** G: 3 vectors of the filter to 6. */
// @ts-ignore: decorator
@inline
export function weightTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const w0 = v128.load(from), w1 = v128.load(from + step), w2 = v128.load(from + (step << 1));
  const evenA = madd(f32x4.splat(A2 * NA), w2, f32x4.mul(f32x4.splat(NA), w0));
  const evenB = madd(f32x4.splat(B2 * NB), w2, f32x4.mul(f32x4.splat(NB), w0));
  const oddA = f32x4.mul(f32x4.splat(A * NA), w1), oddB = f32x4.mul(f32x4.splat(B * NB), w1);
  v128.store(to, f32x4.mul(f32x4.splat(N0), w0));
  v128.store(to += toStep, f32x4.add(evenA, oddA));
  v128.store(to += toStep, f32x4.sub(evenA, oddA));
  v128.store(to += toStep, f32x4.add(evenB, oddB));
  v128.store(to += toStep, f32x4.sub(evenB, oddB));
  v128.store(to + toStep, w2);
}

/** G^T: 6 vectors of products to 3 of the filter's gradient. */
// @ts-ignore: decorator
@inline
export function weightGradientTransform(from: usize, step: usize, to: usize, toStep: usize): void {
  const step2 = step << 1, from3 = from + step + step2;
  const m0 = v128.load(from), m1 = v128.load(from + step), m2 = v128.load(from + step2);
  const m3 = v128.load(from3), m4 = v128.load(from3 + step), m5 = v128.load(from3 + step2);
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2);
  const evenB = f32x4.add(m3, m4), oddB = f32x4.sub(m3, m4);
  v128.store(to, madd(f32x4.splat(N0), m0, madd(f32x4.splat(NA), evenA, f32x4.mul(f32x4.splat(NB), evenB))));
  v128.store(to += toStep, madd(f32x4.splat(A * NA), oddA, f32x4.mul(f32x4.splat(B * NB), oddB)));
  v128.store(to + toStep, madd(f32x4.splat(A2 * NA), evenA, madd(f32x4.splat(B2 * NB), evenB, m5)));
}

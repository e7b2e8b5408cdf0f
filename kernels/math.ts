// Vectorised elementary functions. Polynomials after Cephes (expf, logf, sinf) and a rational minimax tanh;
// the error bounds stated here are tested in both builds.
//
// Constants stand in memory and are broadcast where they are used: V8 builds a vector constant from scalar
// immediates anew in each iteration once there are more than registers, which costs several times the arithmetic.
// pmin and pmax are single instructions, unlike min and max, and hand a NaN on.

import { madd } from "./simd";

// @ts-ignore: decorator
@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

const EXP = memory.data<f32>([
  -87.33, 88.37, 1.44269504, 12582912.0, // range, 1 / ln 2, and 1.5 * 2^23, which rounds to an integer
  -0.693359375, 2.12194440e-4, // ln 2 in two parts, so that x - n ln 2 keeps its last bits
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5, 1.0,
]);

// @ts-ignore: decorator
@inline
function expWith(
  x: v128, low: v128, high: v128, inverse: v128, shift: v128, ln2: v128, rest: v128,
  p6: v128, p5: v128, p4: v128, p3: v128, p2: v128, p1: v128, one: v128,
): v128 {
  x = f32x4.pmin(f32x4.pmax(x, low), high);
  const shifted = madd(x, inverse, shift);
  const n = f32x4.sub(shifted, shift);
  let r = madd(n, ln2, x);
  r = madd(n, rest, r);
  let p = madd(p6, r, p5);
  p = madd(p, r, p4);
  p = madd(p, r, p3);
  p = madd(p, r, p2);
  p = madd(p, r, p1);
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, one));
  // The low bits of `shifted` are n; moved into the exponent of 1 they make 2^n.
  return f32x4.mul(p, i32x4.add(i32x4.shl(shifted, 23), one));
}

/** exp(x); relative error below 3e-7 on [-87, 88], clamped outside. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  return expWith(
    x, constant(EXP, 0), constant(EXP, 1), constant(EXP, 2), constant(EXP, 3), constant(EXP, 4), constant(EXP, 5),
    constant(EXP, 6), constant(EXP, 7), constant(EXP, 8), constant(EXP, 9), constant(EXP, 10), constant(EXP, 11),
    constant(EXP, 12),
  );
}

/** Stores exp(a) and exp(b) at two neighbouring vectors, with one fetch of the constants for both. */
// @ts-ignore: decorator
@inline
export function storeExp(at: usize, a: v128, b: v128): void {
  const low = constant(EXP, 0), high = constant(EXP, 1), inverse = constant(EXP, 2), shift = constant(EXP, 3);
  const ln2 = constant(EXP, 4), rest = constant(EXP, 5), p6 = constant(EXP, 6), p5 = constant(EXP, 7);
  const p4 = constant(EXP, 8), p3 = constant(EXP, 9), p2 = constant(EXP, 10), p1 = constant(EXP, 11), one = constant(EXP, 12);
  v128.store(at, expWith(a, low, high, inverse, shift, ln2, rest, p6, p5, p4, p3, p2, p1, one));
  v128.store(at, expWith(b, low, high, inverse, shift, ln2, rest, p6, p5, p4, p3, p2, p1, one), 16);
}

const LOG = memory.data<f32>([
  0.707106781, 1.0, -0.5, 0.693359375, -2.12194440e-4,
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
const LOG_BITS = memory.data<i32>([126, 0x007fffff, 0x3f000000]);

/** log(x) for normal x > 0; absolute error below 2e-7 times max(1, |log x|). */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)).
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), constant(LOG_BITS, 0)));
  let m = v128.or(v128.and(x, constant(LOG_BITS, 1)), constant(LOG_BITS, 2));
  const small = f32x4.lt(m, constant(LOG, 0));
  e = f32x4.sub(e, v128.and(constant(LOG, 1), small));
  m = f32x4.sub(f32x4.add(m, v128.and(m, small)), constant(LOG, 1));
  const z = f32x4.mul(m, m);
  let p = madd(constant(LOG, 5), m, constant(LOG, 6));
  p = madd(p, m, constant(LOG, 7));
  p = madd(p, m, constant(LOG, 8));
  p = madd(p, m, constant(LOG, 9));
  p = madd(p, m, constant(LOG, 10));
  p = madd(p, m, constant(LOG, 11));
  p = madd(p, m, constant(LOG, 12));
  p = madd(p, m, constant(LOG, 13));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(e, constant(LOG, 4), y);
  y = madd(z, constant(LOG, 2), y);
  return madd(e, constant(LOG, 3), f32x4.add(m, y));
}

// The rational function reaches 1 at a point that depends on whether multiply-adds are fused.
const TANH = memory.data<f32>([
  ASC_FEATURE_RELAXED_SIMD ? 7.99881172180175781 : 7.90531110763549805,
  ASC_FEATURE_RELAXED_SIMD ? -7.99881172180175781 : -7.90531110763549805,
  1.0, -1.0,
  -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11, 5.12229709037114e-8,
  1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3,
  1.19825839466702e-6, 1.18534705686654e-4, 2.26843463243900e-3, 4.89352518554385e-3,
]);

// @ts-ignore: decorator
@inline
function tanhWith(
  x: v128, high: v128, low: v128, one: v128, minusOne: v128,
  p13: v128, p11: v128, p9: v128, p7: v128, p5: v128, p3: v128, p1: v128, q6: v128, q4: v128, q2: v128, q0: v128,
): v128 {
  const c = f32x4.pmin(f32x4.pmax(x, low), high);
  const z = f32x4.mul(c, c);
  let p = madd(p13, z, p11);
  p = madd(p, z, p9);
  p = madd(p, z, p7);
  p = madd(p, z, p5);
  p = madd(p, z, p3);
  p = madd(p, z, p1);
  let q = madd(q6, z, q4);
  q = madd(q, z, q2);
  q = madd(q, z, q0);
  const value = f32x4.div(f32x4.mul(c, p), q);
  return f32x4.pmax(f32x4.pmin(value, one), minusOne);
}

/** tanh(x); absolute error below 4e-7, |tanh| <= 1. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  return tanhWith(
    x, constant(TANH, 0), constant(TANH, 1), constant(TANH, 2), constant(TANH, 3),
    constant(TANH, 4), constant(TANH, 5), constant(TANH, 6), constant(TANH, 7), constant(TANH, 8), constant(TANH, 9),
    constant(TANH, 10), constant(TANH, 11), constant(TANH, 12), constant(TANH, 13), constant(TANH, 14),
  );
}

/** Stores tanh(a) and tanh(b) at two neighbouring vectors; see storeExp. */
// @ts-ignore: decorator
@inline
export function storeTanh(at: usize, a: v128, b: v128): void {
  const high = constant(TANH, 0), low = constant(TANH, 1), one = constant(TANH, 2), minusOne = constant(TANH, 3);
  const p13 = constant(TANH, 4), p11 = constant(TANH, 5), p9 = constant(TANH, 6), p7 = constant(TANH, 7);
  const p5 = constant(TANH, 8), p3 = constant(TANH, 9), p1 = constant(TANH, 10);
  const q6 = constant(TANH, 11), q4 = constant(TANH, 12), q2 = constant(TANH, 13), q0 = constant(TANH, 14);
  v128.store(at, tanhWith(a, high, low, one, minusOne, p13, p11, p9, p7, p5, p3, p1, q6, q4, q2, q0));
  v128.store(at, tanhWith(b, high, low, one, minusOne, p13, p11, p9, p7, p5, p3, p1, q6, q4, q2, q0), 16);
}

const TURN = memory.data<f32>([
  4.0, -0.25, 6.283185307, 12582912.0,
  -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1,
  2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2, -0.5, 1.0,
]);
const TURN_BITS = memory.data<i32>([1, 2]);

// sin(x) for |x| <= pi/4, z = x^2.
// @ts-ignore: decorator
@inline
function sinPolynomial(x: v128, z: v128): v128 {
  let p = madd(constant(TURN, 4), z, constant(TURN, 5));
  p = madd(p, z, constant(TURN, 6));
  return madd(f32x4.mul(p, z), x, x);
}

// cos(x) for |x| <= pi/4, z = x^2.
// @ts-ignore: decorator
@inline
function cosPolynomial(z: v128): v128 {
  let p = madd(constant(TURN, 7), z, constant(TURN, 8));
  p = madd(p, z, constant(TURN, 9));
  return madd(f32x4.mul(p, z), z, madd(constant(TURN, 10), z, constant(TURN, 11)));
}

/** cos(2 pi u) for u in [0, 1); absolute error below 3e-7. Add 3/4 to u for the sine. */
// @ts-ignore: decorator
@inline
export function cosTurn4(u: v128): v128 {
  // The low bits of `shifted` are the quadrant.
  const shifted = madd(u, constant(TURN, 0), constant(TURN, 3));
  const quadrant = f32x4.sub(shifted, constant(TURN, 3));
  const x = f32x4.mul(madd(quadrant, constant(TURN, 1), u), constant(TURN, 2));
  const z = f32x4.mul(x, x);
  const one = constant(TURN_BITS, 0);
  const odd = i32x4.eq(v128.and(shifted, one), one);
  const value = v128.bitselect(sinPolynomial(x, z), cosPolynomial(z), odd);
  // Signs by quadrant: cos, -sin, -cos, sin.
  const negative = i32x4.shl(v128.and(i32x4.add(shifted, one), constant(TURN_BITS, 1)), 30);
  return v128.xor(value, negative);
}

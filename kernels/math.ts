// Vectorised elementary functions. Polynomials after Cephes (expf, logf, sinf) and a rational minimax tanh;
// the error bounds stated here are tested in both builds.

import { madd } from "./simd";

/** exp(x); relative error below 3e-7 on [-87, 88], clamped outside. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87.33)), f32x4.splat(88.37));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // ln 2 in two parts, so that x - n ln 2 keeps its last bits.
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)));
  const exponent = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, exponent);
}

/** log(x) for normal x > 0; absolute error below 2e-7 times max(1, |log x|). */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  // x = 2^e m with m in [sqrt(1/2), sqrt(2)).
  const half = f32x4.splat(0.707106781);
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(126)));
  let m = v128.or(v128.and(x, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const small = f32x4.lt(m, half);
  e = f32x4.sub(e, v128.and(f32x4.splat(1), small));
  m = f32x4.sub(f32x4.add(m, v128.and(m, small)), f32x4.splat(1));
  const z = f32x4.mul(m, m);
  let p = madd(f32x4.splat(7.0376836292e-2), m, f32x4.splat(-1.1514610310e-1));
  p = madd(p, m, f32x4.splat(1.1676998740e-1));
  p = madd(p, m, f32x4.splat(-1.2420140846e-1));
  p = madd(p, m, f32x4.splat(1.4249322787e-1));
  p = madd(p, m, f32x4.splat(-1.6668057665e-1));
  p = madd(p, m, f32x4.splat(2.0000714765e-1));
  p = madd(p, m, f32x4.splat(-2.4999993993e-1));
  p = madd(p, m, f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), z);
  y = madd(e, f32x4.splat(-2.12194440e-4), y);
  y = madd(z, f32x4.splat(-0.5), y);
  return madd(e, f32x4.splat(0.693359375), f32x4.add(m, y));
}

/** tanh(x); absolute error below 3e-7, |tanh| <= 1. */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  // The rational function reaches 1 at a point that depends on whether multiply-adds are fused.
  const limit = f32x4.splat(ASC_FEATURE_RELAXED_SIMD ? 7.90531110763549805 : 7.99881172180175781);
  const c = f32x4.min(f32x4.max(x, f32x4.neg(limit)), limit);
  const z = f32x4.mul(c, c);
  let p = madd(f32x4.splat(-2.76076847742355e-16), z, f32x4.splat(2.00018790482477e-13));
  p = madd(p, z, f32x4.splat(-8.60467152213735e-11));
  p = madd(p, z, f32x4.splat(5.12229709037114e-8));
  p = madd(p, z, f32x4.splat(1.48572235717979e-5));
  p = madd(p, z, f32x4.splat(6.37261928875436e-4));
  p = madd(p, z, f32x4.splat(4.89352455891786e-3));
  let q = madd(f32x4.splat(1.19825839466702e-6), z, f32x4.splat(1.18534705686654e-4));
  q = madd(q, z, f32x4.splat(2.26843463243900e-3));
  q = madd(q, z, f32x4.splat(4.89352518554385e-3));
  const one = f32x4.splat(1);
  return f32x4.max(f32x4.min(f32x4.div(f32x4.mul(c, p), q), one), f32x4.neg(one));
}

// sin(x) for |x| <= pi/4.
// @ts-ignore: decorator
@inline
function sinPolynomial(x: v128, z: v128): v128 {
  let p = madd(f32x4.splat(-1.9515295891e-4), z, f32x4.splat(8.3321608736e-3));
  p = madd(p, z, f32x4.splat(-1.6666654611e-1));
  return madd(f32x4.mul(p, z), x, x);
}

// cos(x) for |x| <= pi/4, z = x^2.
// @ts-ignore: decorator
@inline
function cosPolynomial(z: v128): v128 {
  let p = madd(f32x4.splat(2.443315711809948e-5), z, f32x4.splat(-1.388731625493765e-3));
  p = madd(p, z, f32x4.splat(4.166664568298827e-2));
  return madd(f32x4.mul(p, z), z, madd(f32x4.splat(-0.5), z, f32x4.splat(1)));
}

/** cos(2 pi u) for u in [0, 1); absolute error below 3e-7. Add 3/4 to u for the sine. */
// @ts-ignore: decorator
@inline
export function cosTurn4(u: v128): v128 {
  const quadrant = f32x4.nearest(f32x4.mul(u, f32x4.splat(4)));
  const x = f32x4.mul(madd(quadrant, f32x4.splat(-0.25), u), f32x4.splat(6.283185307));
  const z = f32x4.mul(x, x);
  const q = i32x4.trunc_sat_f32x4_s(quadrant);
  const odd = i32x4.eq(v128.and(q, i32x4.splat(1)), i32x4.splat(1));
  const value = v128.bitselect(sinPolynomial(x, z), cosPolynomial(z), odd);
  // Signs by quadrant: cos, -sin, -cos, sin.
  const negative = i32x4.shl(v128.and(i32x4.add(q, i32x4.splat(1)), i32x4.splat(2)), 30);
  return v128.xor(value, negative);
}

// The optimiser on flat vectors, whose length is rounded up to 4; the memory beyond is theirs and zero.

import { madd } from "./simd";

/**
 * One Adam step (Kingma and Ba 2015) on values, with gradients times gradientScale:
 * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, values -= stepSize m / (sqrt(v) rootCorrection + epsilon),
 * stepSize = rate / (1 - b1^t), rootCorrection = 1 / sqrt(1 - b2^t).
 * Moments below 1e-30 become 0: denormal numbers would slow every later step.
 */
export function adam(
  values: usize, gradients: usize, m: usize, v: usize, length: usize,
  gradientScale: f32, stepSize: f32, rootCorrection: f32, b1: f32, b2: f32, epsilon: f32,
): void {
  const scale = f32x4.splat(gradientScale), step = f32x4.splat(-stepSize), root = f32x4.splat(rootCorrection);
  const beta1 = f32x4.splat(b1), beta2 = f32x4.splat(b2), eps = f32x4.splat(epsilon);
  const rest1 = f32x4.splat(1 - b1), rest2 = f32x4.splat(1 - b2), tiny = f32x4.splat(1e-30);
  for (let i: usize = 0; i < length << 2; i += 16) {
    const g = f32x4.mul(v128.load(gradients + i), scale);
    let first = madd(beta1, v128.load(m + i), f32x4.mul(rest1, g));
    let second = madd(beta2, v128.load(v + i), f32x4.mul(rest2, f32x4.mul(g, g)));
    first = v128.and(first, f32x4.ge(f32x4.abs(first), tiny));
    second = v128.and(second, f32x4.ge(second, tiny));
    v128.store(m + i, first);
    v128.store(v + i, second);
    const denominator = madd(f32x4.sqrt(second), root, eps);
    v128.store(values + i, f32x4.add(v128.load(values + i), f32x4.div(f32x4.mul(step, first), denominator)));
  }
}

/** The sum of squares of a vector, in double precision. */
export function squaredNorm(at: usize, length: usize): f64 {
  let a = f64x2.splat(0), b = a;
  for (let i: usize = 0; i < length << 2; i += 16) {
    const x = v128.load(at + i);
    const low = f64x2.promote_low_f32x4(x);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
    a = f64x2.add(a, f64x2.mul(low, low));
    b = f64x2.add(b, f64x2.mul(high, high));
  }
  a = f64x2.add(a, b);
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** target[i] += source[i] for i < length. */
export function addTo(target: usize, source: usize, length: usize): void {
  for (const end = target + (length << 2); target < end; target += 16, source += 16) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
  }
}

export function fillZero(at: usize, length: usize): void {
  memory.fill(at, 0, length << 2);
}

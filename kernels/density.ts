// Log-densities of feature-major rows, in nats: one number a sample, the sum over its features. The batch is a
// multiple of 8. Gradients start from `dOut`, the gradient of each sample's log-density, which is 0 in spare lanes.

import { exp4, log4 } from "./math";
import { horizontalSum, madd } from "./simd";

const HALF_LOG_2_PI: f32 = 0.9189385332;
const LOG_2: f32 = 0.6931471806;

/**
 * z = m + exp(s) noise, the reparameterised sample of the diagonal Gaussian whose means m are the first `features` rows
 * of h and whose log standard deviations s are the next; out = log q(z) = -sum (noise^2 / 2 + s + log(2 pi) / 2).
 */
export function gaussianSample(
  h: usize, hStride: usize, noise: usize, noiseStride: usize, z: usize, zStride: usize, out: usize,
  features: usize, batch: usize,
): void {
  const row = batch << 2, half = f32x4.splat(0.5), constant = f32x4.splat(HALF_LOG_2_PI);
  memory.fill(out, 0, row);
  for (let f: usize = 0; f < features; f++) {
    const mean = h + ((f * hStride) << 2), logSigma = h + (((features + f) * hStride) << 2);
    const e = noise + ((f * noiseStride) << 2), zf = z + ((f * zStride) << 2);
    for (let i: usize = 0; i < row; i += 16) {
      const s = v128.load(logSigma + i), n = v128.load(e + i);
      v128.store(zf + i, madd(exp4(s), n, v128.load(mean + i)));
      const cost = madd(f32x4.mul(n, n), half, f32x4.add(s, constant));
      v128.store(out + i, f32x4.sub(v128.load(out + i), cost));
    }
  }
}

/** dm = dz and ds = dz (z - m) - dOut, stored in the rows of dh, or added to them where `accumulate` is set. */
export function gaussianSampleGradient(
  h: usize, hStride: usize, z: usize, dz: usize, zStride: usize, dOut: usize, dh: usize,
  features: usize, batch: usize, accumulate: bool,
): void {
  const row = batch << 2;
  for (let f: usize = 0; f < features; f++) {
    const first = (f * hStride) << 2, second = ((features + f) * hStride) << 2, zf = (f * zStride) << 2;
    for (let i: usize = 0; i < row; i += 16) {
      const d = v128.load(dz + zf + i), deviation = f32x4.sub(v128.load(z + zf + i), v128.load(h + first + i));
      put(dh + first + i, d, accumulate);
      put(dh + second + i, f32x4.sub(f32x4.mul(d, deviation), v128.load(dOut + i)), accumulate);
    }
  }
}

/**
 * z_i += exp(s_i) sum over j < i of l_ij noise_j, which turns the sample of a diagonal Gaussian into one of a Gaussian
 * whose covariance has the Cholesky factor exp(s_i) (l_ij, with 1 on the diagonal), and leaves log q as it is. The rows of h
 * are m, s as above, and the l_ij at 2 features + i (i - 1) / 2 + j.
 */
export function shearSample(
  h: usize, hStride: usize, noise: usize, noiseStride: usize, z: usize, zStride: usize, features: usize, batch: usize,
): void {
  const row = batch << 2;
  let factors: usize = h + ((2 * features * hStride) << 2);
  for (let i: usize = 1; i < features; i++) {
    const logSigma = h + (((features + i) * hStride) << 2), target = z + ((i * zStride) << 2);
    for (let b: usize = 0; b < row; b += 16) {
      let sum = f32x4.splat(0);
      for (let j: usize = 0; j < i; j++) {
        sum = madd(v128.load(factors + ((j * hStride) << 2) + b), v128.load(noise + ((j * noiseStride) << 2) + b), sum);
      }
      v128.store(target + b, madd(exp4(v128.load(logSigma + b)), sum, v128.load(target + b)));
    }
    factors += (i * hStride) << 2;
  }
}

/**
 * dl_ij = dz_i exp(s_i) noise_j, stored in the rows of dh, or added to them where `accumulate` is set; those of m and s are
 * {@link gaussianSampleGradient}'s at the new z.
 */
export function shearSampleGradient(
  h: usize, hStride: usize, noise: usize, noiseStride: usize, dz: usize, zStride: usize, dh: usize,
  features: usize, batch: usize, accumulate: bool,
): void {
  const row = batch << 2;
  let factors: usize = dh + ((2 * features * hStride) << 2);
  for (let i: usize = 1; i < features; i++) {
    const logSigma = h + (((features + i) * hStride) << 2), slopes = dz + ((i * zStride) << 2);
    for (let b: usize = 0; b < row; b += 16) {
      const slope = f32x4.mul(v128.load(slopes + b), exp4(v128.load(logSigma + b)));
      for (let j: usize = 0; j < i; j++) {
        put(factors + ((j * hStride) << 2) + b, f32x4.mul(slope, v128.load(noise + ((j * noiseStride) << 2) + b)), accumulate);
      }
    }
    factors += (i * hStride) << 2;
  }
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, accumulate: bool): void {
  v128.store(at, accumulate ? f32x4.add(v128.load(at), value) : value);
}

/**
 * out = log p(x) of a factorial location-scale family whose locations m are the first `features` rows of h and whose log
 * scales s are the next. With t = (x - m) exp(-s): Gaussian, -sum (t^2 / 2 + s + log(2 pi) / 2); Laplace,
 * -sum (|t| + s + log 2).
 */
export function locationScaleDensity(
  x: usize, xStride: usize, h: usize, hStride: usize, out: usize, features: usize, batch: usize, laplace: bool,
): void {
  const row = batch << 2, half = f32x4.splat(0.5), constant = f32x4.splat(laplace ? LOG_2 : HALF_LOG_2_PI);
  memory.fill(out, 0, row);
  for (let f: usize = 0; f < features; f++) {
    const xf = x + ((f * xStride) << 2);
    const location = h + ((f * hStride) << 2), logScale = h + (((features + f) * hStride) << 2);
    for (let i: usize = 0; i < row; i += 16) {
      const s = v128.load(logScale + i);
      const t = f32x4.mul(f32x4.sub(v128.load(xf + i), v128.load(location + i)), exp4(f32x4.neg(s)));
      const cost = laplace ? f32x4.abs(t) : f32x4.mul(f32x4.mul(t, t), half);
      v128.store(out + i, f32x4.sub(v128.load(out + i), f32x4.add(cost, f32x4.add(s, constant))));
    }
  }
}

/**
 * With g = dOut: Gaussian, dm = g t exp(-s), ds = g (t^2 - 1); Laplace, dm = g sign(t) exp(-s), ds = g (|t| - 1);
 * dx = -dm. dx and dh may each be 0, where none is wanted, and are added to where `accumulateX` or `accumulateH` is set.
 */
export function locationScaleGradient(
  x: usize, xStride: usize, h: usize, hStride: usize, dOut: usize, dx: usize, dh: usize,
  features: usize, batch: usize, laplace: bool, accumulateX: bool, accumulateH: bool,
): void {
  const row = batch << 2, zero = f32x4.splat(0), one = f32x4.splat(1);
  for (let f: usize = 0; f < features; f++) {
    const xf = (f * xStride) << 2, first = (f * hStride) << 2, second = ((features + f) * hStride) << 2;
    for (let i: usize = 0; i < row; i += 16) {
      const g = v128.load(dOut + i), inverse = exp4(f32x4.neg(v128.load(h + second + i)));
      const t = f32x4.mul(f32x4.sub(v128.load(x + xf + i), v128.load(h + first + i)), inverse);
      const sign = f32x4.sub(v128.and(one, f32x4.gt(t, zero)), v128.and(one, f32x4.lt(t, zero)));
      const slope = f32x4.mul(f32x4.mul(g, laplace ? sign : t), inverse);
      if (dx != 0) put(dx + xf + i, f32x4.neg(slope), accumulateX);
      if (dh != 0) {
        put(dh + first + i, slope, accumulateH);
        put(dh + second + i, f32x4.mul(g, f32x4.sub(f32x4.mul(t, laplace ? sign : t), one)), accumulateH);
      }
    }
  }
}

/**
 * out = log p(x) of Gaussian observations around the rows of `mean`, with one standard deviation a feature:
 * -sum ((x - mean)^2 exp(-2 s) / 2 + s + log(2 pi) / 2), s the numbers at logSigma.
 */
export function gaussianObservation(
  x: usize, xStride: usize, mean: usize, meanStride: usize, logSigma: usize, out: usize, features: usize, batch: usize,
): void {
  const row = batch << 2;
  memory.fill(out, 0, row);
  for (let f: usize = 0; f < features; f++) {
    const xf = x + ((f * xStride) << 2), mf = mean + ((f * meanStride) << 2), s = load<f32>(logSigma + (f << 2));
    const precision = f32x4.mul(exp4(f32x4.splat(-2 * s)), f32x4.splat(-0.5)), constant = f32x4.splat(s + HALF_LOG_2_PI);
    for (let i: usize = 0; i < row; i += 16) {
      const r = f32x4.sub(v128.load(xf + i), v128.load(mf + i));
      v128.store(out + i, madd(f32x4.mul(r, r), precision, f32x4.sub(v128.load(out + i), constant)));
    }
  }
}

/** dMean = g (x - mean) exp(-2 s), stored; dLogSigma += sum over the batch of g ((x - mean)^2 exp(-2 s) - 1), or 0. */
export function gaussianObservationGradient(
  x: usize, xStride: usize, mean: usize, meanStride: usize, logSigma: usize, dOut: usize,
  dMean: usize, dLogSigma: usize, features: usize, batch: usize,
): void {
  const row = batch << 2, one = f32x4.splat(1);
  for (let f: usize = 0; f < features; f++) {
    const xf = x + ((f * xStride) << 2), mf = (f * meanStride) << 2;
    const precision = exp4(f32x4.splat(-2 * load<f32>(logSigma + (f << 2))));
    let sum = f32x4.splat(0);
    for (let i: usize = 0; i < row; i += 16) {
      const r = f32x4.sub(v128.load(xf + i), v128.load(mean + mf + i)), g = v128.load(dOut + i);
      const slope = f32x4.mul(r, precision);
      v128.store(dMean + mf + i, f32x4.mul(g, slope));
      sum = madd(g, f32x4.sub(f32x4.mul(r, slope), one), sum);
    }
    if (dLogSigma == 0) continue;
    store<f32>(dLogSigma + (f << 2), load<f32>(dLogSigma + (f << 2)) + horizontalSum(sum));
  }
}

/** out = log p(x) of Bernoulli observations in [0, 1] with log-odds l, the rows of `logits`: sum (x l - log(1 + exp(l))). */
export function bernoulliObservation(
  x: usize, xStride: usize, logits: usize, logitsStride: usize, out: usize, features: usize, batch: usize,
): void {
  const row = batch << 2, zero = f32x4.splat(0), one = f32x4.splat(1);
  memory.fill(out, 0, row);
  for (let f: usize = 0; f < features; f++) {
    const xf = x + ((f * xStride) << 2), lf = logits + ((f * logitsStride) << 2);
    for (let i: usize = 0; i < row; i += 16) {
      const l = v128.load(lf + i);
      const softplus = f32x4.add(f32x4.pmax(l, zero), log4(f32x4.add(one, exp4(f32x4.neg(f32x4.abs(l))))));
      v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.sub(f32x4.mul(v128.load(xf + i), l), softplus)));
    }
  }
}

/** dLogits = g (x - 1 / (1 + exp(-l))), stored. */
export function bernoulliObservationGradient(
  x: usize, xStride: usize, logits: usize, logitsStride: usize, dOut: usize, dLogits: usize, features: usize, batch: usize,
): void {
  const one = f32x4.splat(1);
  for (let f: usize = 0; f < features; f++) {
    const xf = x + ((f * xStride) << 2), lf = (f * logitsStride) << 2;
    for (let i: usize = 0; i < batch << 2; i += 16) {
      const probability = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(logits + lf + i)))));
      v128.store(dLogits + lf + i, f32x4.mul(v128.load(dOut + i), f32x4.sub(v128.load(xf + i), probability)));
    }
  }
}

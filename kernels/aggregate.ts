// The posterior of all data together, estimated from a mini-batch (Chen et al. 2018, the minibatch-weighted sampling of
// beta-TC-VAE): q(z) is near the mean over the batch's own posteriors. Rows are feature-major; h holds their means, then
// their log standard deviations.

import { exp4 } from "./math";
import { horizontalSum, madd } from "./simd";

const HALF_LOG_2_PI: f32 = 0.9189385332;
const LOWEST: f32 = -1e30;

// The largest value of a row.
// @ts-ignore: decorator
@inline
function largest(row: usize, bytes: usize): f32 {
  let most = f32x4.splat(LOWEST);
  for (let i: usize = 0; i < bytes; i += 16) most = f32x4.pmax(most, v128.load(row + i));
  return max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
}

// log sum exp of a row, which becomes its softmax.
function softmax(row: usize, bytes: usize): f32 {
  const most = largest(row, bytes), shift = f32x4.splat(most);
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const e = exp4(f32x4.sub(v128.load(row + i), shift));
    v128.store(row + i, e);
    sum = f32x4.add(sum, e);
  }
  const total = horizontalSum(sum), inverse = f32x4.splat(<f32>1 / total);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(row + i, f32x4.mul(v128.load(row + i), inverse));
  return most + <f32>Math.log(<f64>total);
}

/**
 * For each sample b with z_b: joint[b] = log sum over the batch's j of q_j(z_b), and marginal[b] = sum over features f of
 * log sum_j q_j(z_bf). Where dz is not 0, the gradients of jointWeight sum joint + marginalWeight sum marginal with
 * respect to z and h are stored in dz and dh, rows of the same strides.
 * scratch: (2 features + 1) batch floats.
 */
export function aggregatePosterior(
  z: usize, zStride: usize, h: usize, hStride: usize, joint: usize, marginal: usize,
  jointWeight: f32, marginalWeight: f32, dz: usize, dh: usize,
  features: usize, samples: usize, batch: usize, scratch: usize,
): void {
  const row = batch << 2, spare = samples << 2;
  const half = f32x4.splat(0.5), one = f32x4.splat(1), constant = f32x4.splat(HALF_LOG_2_PI);
  const total = scratch, inverses = scratch + row, terms = inverses + features * row;
  for (let f: usize = 0; f < features; f++) {
    const logSigma = h + (((features + f) * hStride) << 2);
    for (let i: usize = 0; i < row; i += 16) {
      v128.store(inverses + f * row + i, exp4(f32x4.neg(v128.load(logSigma + i))));
    }
  }
  if (dz != 0) {
    for (let f: usize = 0; f < features; f++) memory.fill(dz + ((f * zStride) << 2), 0, row);
    for (let f: usize = 0; f < 2 * features; f++) memory.fill(dh + ((f * hStride) << 2), 0, row);
  }
  for (let b: usize = 0; b < samples; b++) {
    memory.fill(total, 0, row);
    let sum: f32 = 0;
    for (let f: usize = 0; f < features; f++) {
      const mean = h + ((f * hStride) << 2), logSigma = h + (((features + f) * hStride) << 2);
      const at = v128.load32_splat(z + ((f * zStride + b) << 2)), term = terms + f * row, inverse = inverses + f * row;
      for (let i: usize = 0; i < row; i += 16) {
        const t = f32x4.mul(f32x4.sub(at, v128.load(mean + i)), v128.load(inverse + i));
        const l = f32x4.neg(madd(f32x4.mul(t, t), half, f32x4.add(v128.load(logSigma + i), constant)));
        v128.store(term + i, l);
        v128.store(total + i, f32x4.add(v128.load(total + i), l));
      }
      for (let i = spare; i < row; i += 4) store<f32>(term + i, LOWEST);
      sum += softmax(term, row);
    }
    for (let i = spare; i < row; i += 4) store<f32>(total + i, LOWEST);
    store<f32>(joint + (b << 2), softmax(total, row));
    store<f32>(marginal + (b << 2), sum);
    if (dz == 0) continue;
    // The softmax of each log sum is its gradient; with t = (z - m) / sigma, that of a term is -t, t and t^2 - 1.
    for (let f: usize = 0; f < features; f++) {
      const mean = h + ((f * hStride) << 2), dMean = dh + ((f * hStride) << 2);
      const dLogSigma = dh + (((features + f) * hStride) << 2);
      const at = v128.load32_splat(z + ((f * zStride + b) << 2)), term = terms + f * row, inverse = inverses + f * row;
      let slope = f32x4.splat(0);
      for (let i: usize = 0; i < row; i += 16) {
        const weight = madd(
          f32x4.splat(jointWeight), v128.load(total + i), f32x4.mul(f32x4.splat(marginalWeight), v128.load(term + i)),
        );
        const v = v128.load(inverse + i), t = f32x4.mul(f32x4.sub(at, v128.load(mean + i)), v);
        const pull = f32x4.mul(f32x4.mul(weight, t), v);
        slope = f32x4.sub(slope, pull);
        v128.store(dMean + i, f32x4.add(v128.load(dMean + i), pull));
        v128.store(dLogSigma + i, madd(weight, f32x4.sub(f32x4.mul(t, t), one), v128.load(dLogSigma + i)));
      }
      store<f32>(dz + ((f * zStride + b) << 2), horizontalSum(slope));
    }
  }
}

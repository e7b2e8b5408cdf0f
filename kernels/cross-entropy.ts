// Multinomial logistic regression on feature-major log-odds, a row a class; labels are 32-bit class numbers. The sum over
// samples is taken in double precision.

import { exp4, log4 } from "./math";

/**
 * Returns the sum over samples of log sum_c exp(l_c) - l_label, minus the log-probability of each sample's class, and stores
 * its gradient times `scale` in the rows of dLogits, zeros in the lanes from `samples` up to `padded`, a multiple of 8; 0:
 * none is wanted.
 */
export function crossEntropy(
  logits: usize, stride: usize, dLogits: usize, labels: usize, classes: usize, samples: usize, padded: usize, scale: f64,
): f64 {
  let total: f64 = 0;
  for (let b: usize = 0; b < padded; b += 4) {
    const at = b << 2;
    let largest = v128.load(logits + at);
    for (let c: usize = 1; c < classes; c++) largest = f32x4.pmax(largest, v128.load(logits + ((c * stride) << 2) + at));
    let sum = f32x4.splat(0);
    for (let c: usize = 0; c < classes; c++) {
      sum = f32x4.add(sum, exp4(f32x4.sub(v128.load(logits + ((c * stride) << 2) + at), largest)));
    }
    const logarithm = log4(sum), logSum = f32x4.add(largest, logarithm);
    if (dLogits != 0) {
      const factor = f32x4.splat(<f32>scale);
      for (let c: usize = 0; c < classes; c++) {
        const row = ((c * stride) << 2) + at, probability = exp4(f32x4.sub(v128.load(logits + row), logSum));
        v128.store(dLogits + row, b >= samples ? f32x4.splat(0) : f32x4.mul(probability, factor));
      }
    }
    total += lane(
      logits, stride, dLogits, labels, classes, samples, b, f32x4.extract_lane(largest, 0), f32x4.extract_lane(logarithm, 0), scale,
    );
    total += lane(
      logits, stride, dLogits, labels, classes, samples, b + 1, f32x4.extract_lane(largest, 1), f32x4.extract_lane(logarithm, 1), scale,
    );
    total += lane(
      logits, stride, dLogits, labels, classes, samples, b + 2, f32x4.extract_lane(largest, 2), f32x4.extract_lane(logarithm, 2), scale,
    );
    total += lane(
      logits, stride, dLogits, labels, classes, samples, b + 3, f32x4.extract_lane(largest, 3), f32x4.extract_lane(logarithm, 3), scale,
    );
  }
  return total;
}

/** One sample: the part of its own class, or nothing of a spare lane. */
function lane(
  logits: usize, stride: usize, dLogits: usize, labels: usize, classes: usize, samples: usize, b: usize,
  largest: f32, logarithm: f32, scale: f64,
): f64 {
  if (b >= samples) {
    if (dLogits != 0) for (let c: usize = 0; c < classes; c++) store<f32>(dLogits + ((c * stride + b) << 2), 0);
    return 0;
  }
  const own = (<usize>load<u32>(labels + (b << 2)) * stride + b) << 2;
  if (dLogits != 0) store<f32>(dLogits + own, load<f32>(dLogits + own) - <f32>scale);
  // The difference of two large numbers is taken before the small one is added.
  return <f64>largest - <f64>load<f32>(logits + own) + <f64>logarithm;
}

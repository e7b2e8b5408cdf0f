// Factorial Gaussians, one a set of samples, on feature-major latents. Set s is the lanes [s members, (s + 1) members).
// Sums are taken in double precision.

/**
 * Each set has the Gaussian of its own mean and biased variance v, to which `floor` is added. Returns the sum over
 * samples and features of (w - mean)^2 / 2 (v + floor) + log(v + floor) / 2, and stores its gradient times `scale`,
 * through mean and variance, in dw: overwritten, zero in the lanes up to `padded`; 0 where it is not wanted.
 */
export function setGaussianLoss(
  w: usize, stride: usize, dw: usize, members: usize, features: usize, sets: usize, padded: usize, floor: f64, scale: f64,
): f64 {
  const bytes = members << 2, end = sets * bytes, count = <f64>members;
  let total: f64 = 0;
  for (let f: usize = 0; f < features; f++) {
    const row = w + ((f * stride) << 2), dRow = dw + ((f * stride) << 2);
    for (let set: usize = 0; set < end; set += bytes) {
      let sum: f64 = 0, squares: f64 = 0;
      for (let i: usize = 0; i < bytes; i += 4) sum += <f64>load<f32>(row + set + i);
      const mean = sum / count;
      for (let i: usize = 0; i < bytes; i += 4) {
        const deviation = <f64>load<f32>(row + set + i) - mean;
        squares += deviation * deviation;
      }
      const variance = squares / count + floor, precision = 1 / variance;
      total += 0.5 * (count * Math.log(variance) + squares * precision);
      if (dw == 0) continue;
      const slope = scale * precision * (1 + floor * precision);
      for (let i: usize = 0; i < bytes; i += 4) {
        store<f32>(dRow + set + i, <f32>(slope * (<f64>load<f32>(row + set + i) - mean)));
      }
    }
    if (dw != 0) for (let i = end; i < padded << 2; i += 4) store<f32>(dRow + i, 0);
  }
  return total;
}

/**
 * Each set has the Gaussian whose means are the first `features` rows of h, one lane a set, and whose log standard
 * deviations s are the next. Returns the sum over samples and features of (w - mean)^2 / 2 exp(2 s) + s, and stores its
 * gradients times `scale` in dw and dh: overwritten, zero in the lanes up to `padded` and `hPadded`; dw and dh are 0
 * where they are not wanted.
 */
export function setPredictedLoss(
  w: usize, stride: usize, dw: usize, h: usize, hStride: usize, dh: usize, members: usize, features: usize, sets: usize,
  padded: usize, hPadded: usize, scale: f64,
): f64 {
  const bytes = members << 2, end = sets * bytes, count = <f64>members;
  let total: f64 = 0;
  for (let f: usize = 0; f < features; f++) {
    const row = w + ((f * stride) << 2), dRow = dw + ((f * stride) << 2);
    const first = (f * hStride) << 2, second = ((features + f) * hStride) << 2;
    for (let s: usize = 0; s < sets; s++) {
      const set = s * bytes, lane = s << 2;
      const mean = <f64>load<f32>(h + first + lane), logSigma = <f64>load<f32>(h + second + lane);
      const inverse = Math.exp(-logSigma);
      let sum: f64 = 0, squares: f64 = 0;
      for (let i: usize = 0; i < bytes; i += 4) {
        const z = (<f64>load<f32>(row + set + i) - mean) * inverse;
        sum += z;
        squares += z * z;
        if (dw != 0) store<f32>(dRow + set + i, <f32>(z * inverse * scale));
      }
      total += 0.5 * squares + count * logSigma;
      if (dh == 0) continue;
      store<f32>(dh + first + lane, <f32>(-sum * inverse * scale));
      store<f32>(dh + second + lane, <f32>((count - squares) * scale));
    }
    if (dw != 0) for (let i = end; i < padded << 2; i += 4) store<f32>(dRow + i, 0);
    if (dh == 0) continue;
    for (let i = sets << 2; i < hPadded << 2; i += 4) {
      store<f32>(dh + first + i, 0);
      store<f32>(dh + second + i, 0);
    }
  }
  return total;
}

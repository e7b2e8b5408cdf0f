// Factorial Gaussians, one a class, on feature-major latents. Tables are [class][feature]; labels are 32-bit class
// numbers, negative for a sample that is left out. Sums are taken in double precision.

/**
 * Returns the sum over samples and features of (w - mean)^2 / (2 sigma^2) + log sigma, and stores its gradients
 * times `scale`: dw (overwritten; zero for samples left out and for the lanes up to `padded`), dMean and dLogSigma
 * (added to). An address of 0 means that the gradient is not wanted.
 * counts: samples of each class, as doubles; scratch: 4 doubles a class.
 */
export function gaussianLoss(
  w: usize, stride: usize, dw: usize, labels: usize, mean: usize, logSigma: usize, dMean: usize, dLogSigma: usize,
  classes: usize, features: usize, samples: usize, padded: usize, scale: f64, counts: usize, scratch: usize,
): f64 {
  let total: f64 = 0;
  for (let f: usize = 0; f < features; f++) {
    for (let c: usize = 0; c < classes; c++) {
      const at = scratch + (c << 5), entry = (c * features + f) << 2;
      store<f64>(at, <f64>load<f32>(mean + entry));
      store<f64>(at, Math.exp(-<f64>load<f32>(logSigma + entry)), 8);
      store<f64>(at, 0, 16);
      store<f64>(at, 0, 24);
    }
    const row = w + ((f * stride) << 2), dRow = dw + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      const label = load<i32>(labels + (b << 2));
      let gradient: f64 = 0;
      if (label >= 0) {
        const at = scratch + (<usize>label << 5);
        const inverse = load<f64>(at, 8);
        const z = (<f64>load<f32>(row + (b << 2)) - load<f64>(at)) * inverse;
        gradient = z * inverse * scale;
        // Sums of z and of z^2 - 1 give the loss and the tables' gradients of this feature.
        store<f64>(at, load<f64>(at, 16) + z, 16);
        store<f64>(at, load<f64>(at, 24) + (z * z - 1), 24);
      }
      if (dw != 0) store<f32>(dRow + (b << 2), <f32>gradient);
    }
    if (dw != 0) for (let b = samples; b < padded; b++) store<f32>(dRow + (b << 2), 0);
    for (let c: usize = 0; c < classes; c++) {
      const at = scratch + (c << 5), entry = (c * features + f) << 2;
      const squares = load<f64>(at, 24);
      total += 0.5 * squares + load<f64>(counts + (c << 3)) * (0.5 + <f64>load<f32>(logSigma + entry));
      if (dMean != 0) {
        store<f32>(dMean + entry, load<f32>(dMean + entry) - <f32>(load<f64>(at, 16) * load<f64>(at, 8) * scale));
        store<f32>(dLogSigma + entry, load<f32>(dLogSigma + entry) - <f32>(squares * scale));
      }
    }
  }
  return total;
}

/**
 * out[c,f] = sum over the samples of class c of w, or of (w - mean[c,f])^2 where `mean` is not 0. Overwrites out.
 */
export function classMoments(
  w: usize, stride: usize, labels: usize, mean: usize, out: usize,
  classes: usize, features: usize, samples: usize, scratch: usize,
): void {
  for (let f: usize = 0; f < features; f++) {
    for (let c: usize = 0; c < classes; c++) {
      store<f64>(scratch + (c << 4), mean != 0 ? <f64>load<f32>(mean + ((c * features + f) << 2)) : 0);
      store<f64>(scratch + (c << 4), 0, 8);
    }
    const row = w + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      const label = load<i32>(labels + (b << 2));
      if (label < 0) continue;
      const at = scratch + (<usize>label << 4);
      const deviation = <f64>load<f32>(row + (b << 2)) - load<f64>(at);
      store<f64>(at, load<f64>(at, 8) + (mean != 0 ? deviation * deviation : deviation), 8);
    }
    for (let c: usize = 0; c < classes; c++) {
      store<f32>(out + ((c * features + f) << 2), <f32>load<f64>(scratch + (c << 4), 8));
    }
  }
}

/**
 * Returns the sum over samples of -log sum_c q_c exp(-E_c), where E_c is the sum over features of
 * (w - mean)^2 / (2 sigma^2) + log sigma in class c, and stores its gradients times `scale` as gaussianLoss does.
 * weights: q, [sample][class], not all 0 for any sample; scratch: a double a sample and class, and 4 a class.
 */
export function mixtureLoss(
  w: usize, stride: usize, dw: usize, weights: usize, mean: usize, logSigma: usize, dMean: usize, dLogSigma: usize,
  classes: usize, features: usize, samples: usize, padded: usize, scale: f64, scratch: usize,
): f64 {
  const energies = scratch, tables = scratch + ((samples * classes) << 3);
  memory.fill(energies, 0, (samples * classes) << 3);
  for (let f: usize = 0; f < features; f++) {
    loadClasses(tables, mean, logSigma, classes, features, f);
    const row = w + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      const value = <f64>load<f32>(row + (b << 2));
      for (let c: usize = 0; c < classes; c++) {
        const entry = b * classes + c;
        if (load<f32>(weights + (entry << 2)) == 0) continue;
        const at = tables + (c << 5), z = (value - load<f64>(at)) * load<f64>(at, 8);
        const energy = energies + (entry << 3);
        store<f64>(energy, load<f64>(energy) + 0.5 * z * z + <f64>load<f32>(logSigma + ((c * features + f) << 2)));
      }
    }
  }
  let total: f64 = 0;
  for (let b: usize = 0; b < samples; b++) total -= responsibilities(energies, weights, b * classes, classes);
  if (dw == 0 && dMean == 0) return total;
  for (let f: usize = 0; f < features; f++) {
    loadClasses(tables, mean, logSigma, classes, features, f);
    const row = w + ((f * stride) << 2), dRow = dw + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      const value = <f64>load<f32>(row + (b << 2));
      let gradient: f64 = 0;
      for (let c: usize = 0; c < classes; c++) {
        const share = load<f64>(energies + ((b * classes + c) << 3));
        if (share == 0) continue;
        const at = tables + (c << 5), inverse = load<f64>(at, 8), z = (value - load<f64>(at)) * inverse;
        gradient += share * z * inverse;
        store<f64>(at, load<f64>(at, 16) + share * z, 16);
        store<f64>(at, load<f64>(at, 24) + share * (z * z - 1), 24);
      }
      if (dw != 0) store<f32>(dRow + (b << 2), <f32>(gradient * scale));
    }
    if (dw != 0) for (let b = samples; b < padded; b++) store<f32>(dRow + (b << 2), 0);
    if (dMean == 0) continue;
    for (let c: usize = 0; c < classes; c++) {
      const at = tables + (c << 5), entry = (c * features + f) << 2;
      store<f32>(dMean + entry, load<f32>(dMean + entry) - <f32>(load<f64>(at, 16) * load<f64>(at, 8) * scale));
      store<f32>(dLogSigma + entry, load<f32>(dLogSigma + entry) - <f32>(load<f64>(at, 24) * scale));
    }
  }
  return total;
}

// For each class 4 doubles: mean, 1 / sigma, and two sums that start at 0.
// @ts-ignore: decorator
@inline
function loadClasses(tables: usize, mean: usize, logSigma: usize, classes: usize, features: usize, f: usize): void {
  for (let c: usize = 0; c < classes; c++) {
    const at = tables + (c << 5), entry = (c * features + f) << 2;
    store<f64>(at, <f64>load<f32>(mean + entry));
    store<f64>(at, Math.exp(-<f64>load<f32>(logSigma + entry)), 8);
    store<f64>(at, 0, 16);
    store<f64>(at, 0, 24);
  }
}

// Turns one sample's energies into the posterior of each class; returns log sum_c q_c exp(-E_c).
// @ts-ignore: decorator
@inline
function responsibilities(energies: usize, weights: usize, first: usize, classes: usize): f64 {
  let least = f64.MAX_VALUE, sum: f64 = 0;
  for (let c: usize = 0; c < classes; c++) {
    if (load<f32>(weights + ((first + c) << 2)) > 0) least = min(least, load<f64>(energies + ((first + c) << 3)));
  }
  for (let c: usize = 0; c < classes; c++) {
    const at = energies + ((first + c) << 3), weight = <f64>load<f32>(weights + ((first + c) << 2));
    const term = weight == 0 ? 0 : weight * Math.exp(least - load<f64>(at));
    store<f64>(at, term);
    sum += term;
  }
  for (let c: usize = 0; c < classes; c++) {
    const at = energies + ((first + c) << 3);
    store<f64>(at, load<f64>(at) / sum);
  }
  return Math.log(sum) - least;
}

// Exponential families of two parameters beside the Gaussian, one member a class and feature, on feature-major real
// numbers v whose values on the support follow the family (src/distributions/latent-family.ts): location m, log scale
// s, t = v - m, precision = exp(-2 s). In double precision throughout: Adam's slopes are differences of large terms.

const GAMMA: i32 = 1, INVERSE_GAMMA: i32 = 2, INVERSE_GAUSSIAN: i32 = 3;

const HALF_LOG_2_PI: f64 = 0.9189385332046727;

// log Gamma(x) - x log x + x.
function stirlingRest(x: f64): f64 {
  let y = x, logs: f64 = 0;
  for (; y < 10; y += 1) logs += Math.log(y);
  const r = 1 / y, q = r * r;
  const rest = HALF_LOG_2_PI - 0.5 * Math.log(y) + r * (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q / 1680)));
  return y == x ? rest : rest + y * Math.log(y) - y - logs - x * Math.log(x) + x;
}

// psi(x) - log x.
function digammaRest(x: f64): f64 {
  let y = x, sum: f64 = 0;
  for (; y < 10; y += 1) sum += 1 / y;
  const r = 1 / y, q = r * r;
  return Math.log(y / x) - sum - 0.5 * r - q * (1.0 / 12 - q * (1.0 / 120 - q * (1.0 / 252 - q / 240)));
}

// @ts-ignore: decorator
@inline
function softplus(v: f64): f64 {
  return (v > 0 ? v : 0) + Math.log1p(Math.exp(-Math.abs(v)));
}

/**
 * Returns the sum over samples and features of -log p(v) - log(2 pi) / 2 under a family (1 gamma, 2 inverse gamma,
 * 3 inverse Gaussian, 4 beta), and stores its gradients times `scale`: dv (overwritten; zero for samples left out and
 * for the lanes up to `padded`), dLocation and dLogScale (added to). An address of 0 means that the gradient is not wanted.
 * Labels and counts as for `gaussianLoss`; scratch: 8 doubles a class.
 *
 * The loss of a sample is a + b t + what the class alone decides, and its slope by s is -2 a + such: so sums of a, of the
 * slope by v and of t are all that the tables need.
 */
export function familyLoss(
  v: usize, stride: usize, dv: usize, labels: usize, location: usize, logScale: usize, dLocation: usize, dLogScale: usize,
  classes: usize, features: usize, samples: usize, padded: usize, scale: f64, counts: usize, scratch: usize, family: i32,
): f64 {
  let total: f64 = 0;
  const sign: f64 = family == INVERSE_GAMMA ? -1 : 1;
  for (let f: usize = 0; f < features; f++) {
    for (let c: usize = 0; c < classes; c++) {
      const at = scratch + (c << 6), entry = (c * features + f) << 2;
      const m = <f64>load<f32>(location + entry);
      let precision = Math.exp(-2 * <f64>load<f32>(logScale + entry));
      // Beta: alpha + beta, so that 1 / (alpha + beta) p (1 - p) is exp(2 s).
      if (family > INVERSE_GAUSSIAN) precision *= 2 + Math.exp(m) + Math.exp(-m);
      store<f64>(at, m);
      store<f64>(at, precision, 8);
      store<f64>(at, family > INVERSE_GAUSSIAN ? softplus(m) : 0, 16);
      store<f64>(at, 0, 24);
      store<f64>(at, 0, 32);
      store<f64>(at, 0, 40);
      store<f64>(at, 1 / (1 + Math.exp(-m)), 48);
    }
    const row = v + ((f * stride) << 2), dRow = dv + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      const label = load<i32>(labels + (b << 2));
      let slope: f64 = 0;
      if (label >= 0) {
        const at = scratch + (<usize>label << 6), value = <f64>load<f32>(row + (b << 2));
        const m = load<f64>(at), precision = load<f64>(at, 8), t = value - m;
        let a: f64;
        if (family <= INVERSE_GAMMA) {
          const x = Math.expm1(sign * t);
          a = precision * (x - sign * t);
          slope = sign * precision * x;
        } else if (family == INVERSE_GAUSSIAN) {
          const x = Math.expm1(t), y = Math.expm1(-t);
          a = 0.5 * precision * (x + y);
          slope = 0.5 + 0.5 * precision * (x - y);
        } else {
          const p = load<f64>(at, 48);
          // The same near t = 0, where softplus would leave few digits.
          const rise = Math.abs(t) < 1 ? Math.log1p(p * Math.expm1(t)) : softplus(value) - load<f64>(at, 16);
          a = precision * (rise - p * t);
          slope = precision * (1 / (1 + Math.exp(-value)) - p);
        }
        store<f64>(at, load<f64>(at, 24) + a, 24);
        store<f64>(at, load<f64>(at, 32) + slope, 32);
        store<f64>(at, load<f64>(at, 40) + t, 40);
      }
      if (dv != 0) store<f32>(dRow + (b << 2), <f32>(slope * scale));
    }
    if (dv != 0) for (let b = samples; b < padded; b++) store<f32>(dRow + (b << 2), 0);
    for (let c: usize = 0; c < classes; c++) {
      const at = scratch + (c << 6), entry = (c * features + f) << 2, n = load<f64>(counts + (c << 3));
      if (n == 0) continue;
      const m = load<f64>(at), precision = load<f64>(at, 8);
      const a = load<f64>(at, 24), slopes = load<f64>(at, 32), t = load<f64>(at, 40);
      let dm: f64, ds: f64;
      total += a - n * HALF_LOG_2_PI;
      if (family <= INVERSE_GAMMA) {
        total += n * stirlingRest(precision);
        dm = -slopes;
        ds = -2 * (a + n * precision * digammaRest(precision));
      } else if (family == INVERSE_GAUSSIAN) {
        total += 0.5 * t + n * (<f64>load<f32>(logScale + entry) + HALF_LOG_2_PI);
        dm = -slopes;
        ds = n - 2 * a;
      } else {
        const p = load<f64>(at, 48), q = 1 / (1 + Math.exp(m));
        const alpha = precision * p, beta = precision * q;
        const restAlpha = digammaRest(alpha), restBeta = digammaRest(beta);
        total += n * (stirlingRest(alpha) + stirlingRest(beta) - stirlingRest(precision));
        // Of the loss by alpha + beta, times alpha + beta.
        const size = a + n * (alpha * restAlpha + beta * restBeta - precision * digammaRest(precision));
        dm = precision * p * q * (n * (restAlpha - restBeta) - t) + (p - q) * size;
        ds = -2 * size;
      }
      if (dLocation == 0) continue;
      store<f32>(dLocation + entry, load<f32>(dLocation + entry) + <f32>(dm * scale));
      store<f32>(dLogScale + entry, load<f32>(dLogScale + entry) + <f32>(ds * scale));
    }
  }
  return total;
}

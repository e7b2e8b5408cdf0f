import { InputError } from "../errors.js";
import { type ConditionalGaussian, latentWidth } from "./conditional-gaussian.js";
import { checkLabels, checkSampleMatrix, type SampleMatrix } from "./sample-matrix.js";

/** `sigma` looks within conditions, `std` over all data. */
export type SpectrumMeasure = "sigma" | "std";

/** How much one latent varies, in the latent's own units. */
export interface SpectrumEntry {
  /** Index of the latent, from 0. */
  readonly latent: number;
  /** Root mean square over conditions of the standard deviation within each condition. */
  readonly sigma: number;
  /** Standard deviation over all data, differences between class means included. */
  readonly std: number;
}

/**
 * Spread of every latent, from samples, largest first by `measure`:
 * sigma_i = sqrt(mean over u of var(w_i | u)), each condition counting equally, and std_i = sqrt(var(w_i)).
 * Variances are biased (divided by the count) and accumulated in double precision in two passes.
 * Conditions without samples are left out.
 *
 * @param latents shape [samples][d].
 * @param labels class index of each sample. Shape [samples].
 * @param classes number of classes.
 * @throws InputError when shapes or labels do not fit, or a latent is not finite.
 */
export function spectrum(
  latents: SampleMatrix,
  labels: Int32Array,
  classes: number,
  measure: SpectrumMeasure = "sigma",
): SpectrumEntry[] {
  checkSampleMatrix(latents, "The latents");
  checkLabels(labels, latents.samples, classes);
  const { values, samples, width } = latents;

  const counts = new Float64Array(classes);
  const means = new Float64Array(classes * width);
  for (let n = 0; n < samples; n++) {
    counts[labels[n]]++;
    for (let i = 0; i < width; i++) means[labels[n] * width + i] += values[n * width + i];
  }
  for (let k = 0; k < means.length; k++) means[k] /= Math.max(1, counts[Math.floor(k / width)]);

  const variances = new Float64Array(classes * width);
  for (let n = 0; n < samples; n++) {
    const offset = labels[n] * width;
    for (let i = 0; i < width; i++) variances[offset + i] += (values[n * width + i] - means[offset + i]) ** 2;
  }
  for (let k = 0; k < variances.length; k++) variances[k] /= Math.max(1, counts[Math.floor(k / width)]);

  const entries = combine(means, variances, counts, width);
  const broken = entries.find((entry) => !Number.isFinite(entry.std));
  if (broken) throw new InputError(`Latent ${broken.latent} holds values that are not finite.`);
  return sortSpectrum(entries, measure);
}

/**
 * The same two measures from class statistics instead of samples:
 * std_i^2 = sum_u p(u) (sigma_i(u)^2 + (mu_i(u) - mean_i)^2).
 *
 * @param weights how often each class occurs, in any unit; equal when left out. Shape [classes].
 * @throws InputError when shapes do not fit.
 */
export function gaussianSpectrum(
  gaussian: ConditionalGaussian,
  weights?: ArrayLike<number>,
  measure: SpectrumMeasure = "sigma",
): SpectrumEntry[] {
  const width = latentWidth(gaussian);
  const counts = Float64Array.from(weights ?? gaussian.classes.map(() => 1));
  if (counts.length !== gaussian.classes.length || !counts.some((count) => count > 0)) {
    throw new InputError(`${gaussian.classes.length} classes need as many weights, one of them positive.`);
  }
  const variances = Float64Array.from(gaussian.sigma, (sigma) => sigma * sigma);
  return sortSpectrum(combine(Float64Array.from(gaussian.mean), variances, counts, width), measure);
}

/** Largest first by `measure`; latents that tie keep their order. Leaves the input as it is. */
export function sortSpectrum(entries: readonly SpectrumEntry[], measure: SpectrumMeasure): SpectrumEntry[] {
  return entries.toSorted((a, b) => b[measure] - a[measure] || a.latent - b.latent);
}

/** Both measures from the mean, variance [classes][width] and weight [classes] of every class. */
function combine(
  means: Float64Array,
  variances: Float64Array,
  counts: Float64Array,
  width: number,
): SpectrumEntry[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return Array.from({ length: width }, (_, latent) => {
    let within = 0;
    let mean = 0;
    for (let u = 0; u < counts.length; u++) {
      if (counts[u] > 0) within += variances[u * width + latent] / present;
      mean += (counts[u] / total) * means[u * width + latent];
    }
    let pooled = 0;
    for (let u = 0; u < counts.length; u++) {
      const index = u * width + latent;
      pooled += (counts[u] / total) * (variances[index] + (means[index] - mean) ** 2);
    }
    return { latent, sigma: Math.sqrt(within), std: Math.sqrt(pooled) };
  });
}

/** Samples whose means are computed at a time. */
const CHUNK = 4096;

/** Variances are kept from zero by this much before their logarithm is taken. */
const VARIANCE_FLOOR = 1e-10;

/**
 * Means and log standard deviations (biased) of each class's latents, [class][feature], in double precision. Samples whose
 * class is not known, -1, are left out.
 */
export function classStatistics(
  latents: Float32Array,
  labels: Int32Array,
  classes: number,
): { mean: Float32Array; logSigma: Float32Array } {
  const features = latents.length / labels.length;
  const counts = new Float64Array(classes);
  const mean = new Float64Array(classes * features);
  const squares = new Float64Array(classes * features);
  const count = (entry: number) => Math.max(1, counts[Math.floor(entry / features)]);
  for (let sample = 0; sample < labels.length; sample++) {
    const label = labels[sample];
    if (label < 0) continue;
    counts[label] += 1;
    for (let f = 0; f < features; f++) mean[label * features + f] += latents[sample * features + f];
  }
  for (let entry = 0; entry < mean.length; entry++) mean[entry] /= count(entry);
  for (let sample = 0; sample < labels.length; sample++) {
    const base = labels[sample] * features;
    if (base < 0) continue;
    for (let f = 0; f < features; f++) {
      const deviation = latents[sample * features + f] - mean[base + f];
      squares[base + f] += deviation * deviation;
    }
  }
  const logSigma = squares.map((sum, entry) => 0.5 * Math.log(sum / count(entry) + VARIANCE_FLOOR));
  return { mean: Float32Array.from(mean), logSigma: Float32Array.from(logSigma) };
}

/** Root mean square over the classes that occur of each latent's standard deviation within the class. */
export function withinDeviations(latents: Float32Array, labels: Int32Array, classes: number): Float32Array {
  const { logSigma } = classStatistics(latents, labels, classes);
  const features = latents.length / labels.length;
  const present = [...new Set(labels)].filter((label) => label >= 0);
  return Float32Array.from({ length: features }, (_, f) => {
    const sum = present.reduce((total, label) => total + Math.exp(2 * logSigma[label * features + f]), 0);
    return Math.sqrt(sum / present.length);
  });
}

/**
 * Root mean square over the samples of what each latent departs by from its mean under the sample's condition, of
 * which `meansOf` gives those of the samples from a number up to another, [sample][latent].
 */
export function residualDeviations(
  latents: Float32Array,
  features: number,
  meansOf: (from: number, to: number) => Float32Array,
): Float32Array {
  const samples = latents.length / features;
  const squares = new Float64Array(features);
  for (let from = 0; from < samples; from += CHUNK) {
    const means = meansOf(from, Math.min(samples, from + CHUNK));
    for (let k = 0; k < means.length; k++)
      squares[k % features] += (latents[from * features + k] - means[k]) ** 2;
  }
  return Float32Array.from(squares, (sum) => Math.sqrt(sum / samples));
}

/** Standard deviation of each latent over all samples, class means included. */
export function pooledDeviations(latents: Float32Array, features: number): Float32Array {
  const samples = latents.length / features;
  return Float32Array.from({ length: features }, (_, f) => {
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) sum += latents[sample * features + f];
    const mean = sum / samples;
    let squares = 0;
    for (let sample = 0; sample < samples; sample++) squares += (latents[sample * features + f] - mean) ** 2;
    return Math.sqrt(squares / samples);
  });
}

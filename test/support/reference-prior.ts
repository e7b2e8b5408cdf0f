/** Latents of a batch, one array a sample, and their classes; negative classes are left out. */
export interface LabelledLatents {
  readonly latents: readonly ArrayLike<number>[];
  readonly labels: ArrayLike<number>;
}

/** Mean and log standard deviation, [class][feature]. */
export interface Tables {
  readonly mean: ArrayLike<number>;
  readonly logSigma: ArrayLike<number>;
}

/** The sum over samples and features of (w - mu)^2 / (2 sigma^2) + log sigma, in double precision. */
export function gaussianSum({ latents, labels }: LabelledLatents, { mean, logSigma }: Tables): number {
  let total = 0;
  latents.forEach((w, sample) => {
    if (labels[sample] < 0) return;
    for (let f = 0; f < w.length; f++) {
      const entry = labels[sample] * w.length + f;
      total += ((w[f] - mean[entry]) / Math.exp(logSigma[entry])) ** 2 / 2 + logSigma[entry];
    }
  });
  return total;
}

/** gaussianSum a sample and dimension. */
export function gaussianLoss(batch: LabelledLatents, tables: Tables): number {
  const counted = Array.from(batch.labels).filter((label) => label >= 0).length;
  return gaussianSum(batch, tables) / (counted * batch.latents[0].length);
}

/** Means and biased log standard deviations of each class. */
export function classStatistics(
  { latents, labels }: LabelledLatents,
  classes: number,
  floor: number,
): Tables {
  const features = latents[0].length;
  const mean = new Float64Array(classes * features);
  const logSigma = new Float64Array(classes * features);
  for (let label = 0; label < classes; label++) {
    const members = latents.filter((_, sample) => labels[sample] === label);
    for (let f = 0; f < features && members.length > 0; f++) {
      const average = members.reduce((sum, w) => sum + w[f], 0) / members.length;
      const variance = members.reduce((sum, w) => sum + (w[f] - average) ** 2, 0) / members.length;
      mean[label * features + f] = average;
      logSigma[label * features + f] = 0.5 * Math.log(variance + floor);
    }
  }
  return { mean, logSigma };
}

/** Labels with those of classes of a single sample made negative. */
export function withoutSingles(labels: ArrayLike<number>): number[] {
  const all = Array.from(labels);
  return all.map((label) => (all.filter((other) => other === label).length < 2 ? -1 : label));
}

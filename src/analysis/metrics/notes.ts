import { type CorrelationEigen, deviations, type LatentMoments } from "./latent-moments.js";

/** Fewer samples are not divided in halves. */
export const FEWEST_TO_DIVIDE = 8;

/** Sentences on what in the samples limits the meaning of metrics that rest on correlations among the latents. */
export function notesOn(
  moments: LatentMoments,
  truth: CorrelationEigen,
  latents: CorrelationEigen,
): string[] {
  const { components: n, latents: d, samples } = moments;
  const constant = Array.from(deviations(moments), (value, k) => (value > 0 ? -1 : k)).filter((k) => k >= 0);
  const [constantTruth, constantLatents] = [
    constant.filter((k) => k < n),
    constant.filter((k) => k >= n).map((k) => k - n),
  ];
  const notes: string[] = [];
  if (constantTruth.length > 0) {
    notes.push(
      `${named("True component", constantTruth)} constant: correlations with it count as 0, and it has no R2.`,
    );
  }
  if (constantLatents.length > 0) {
    notes.push(`${named("Latent", constantLatents)} constant: correlations with it count as 0.`);
  }
  if (truth.rank < n - constantTruth.length) {
    notes.push(
      `The ${n} true components vary in ${truth.rank} directions only: some are linear functions of others.`,
    );
  }
  if (samples <= d) {
    notes.push(
      `There are no more samples (${samples}) than latents (${d}): weak MCC, R2 and DCI in sample say nothing.`,
    );
  } else if (latents.rank < d - constantLatents.length) {
    notes.push(
      `The ${d} latents vary in ${latents.rank} directions only: regressions take the smallest coefficients.`,
    );
  }
  if (samples < FEWEST_TO_DIVIDE) {
    notes.push(`${samples} samples are too few to divide: nothing is measured out of sample.`);
  } else if (samples > d && samples >> 1 <= d) {
    notes.push(
      `Half of the samples (${samples >> 1}) are no more than the latents (${d}): regressions out of sample are poor.`,
    );
  }
  return notes;
}

const named = (what: string, indices: readonly number[]): string =>
  indices.length === 1 ? `${what} ${indices[0]} is` : `${what}s ${indices.join(", ")} are`;

import { InputError } from "../errors.js";
import { ContinuousMutualInformation } from "./continuous-mutual-information.js";
import { MutualInformation, type MutualInformationOptions } from "./mutual-information.js";
import { type NullLevel, PermutationNull } from "./permutation-null.js";
import { columns, type SampleMatrix } from "./sample-matrix.js";
import { type SpectrumEntry, spectrum } from "./spectrum.js";

/** What a latent is ranked by. */
export interface LatentScore extends SpectrumEntry {
  /** Mutual information with the condition, in nats. */
  readonly mi: number;
}

/** Scores of all latents, and what of the mutual information is noise. */
export interface LatentScores {
  /** By index of the latent. */
  readonly entries: readonly LatentScore[];
  readonly null: NullLevel;
}

/** Scores, and what they were measured on. */
export interface MeasuredScores {
  readonly scores: LatentScores;
  /** The rows, such as "the 600 rows that the fit held out". */
  readonly rows: string;
}

/** How latents are scored. */
export interface ScoreOptions extends MutualInformationOptions {
  /** Permutations of the labels behind the noise floor. Default 100; with `condition` 20, which take as long. */
  readonly permutations?: number;
  /** A condition that is a number for each sample, which mutual information then is with. Shape [samples]. */
  readonly condition?: Float64Array | undefined;
  /** Probability that no independent latent rises above the floor. Default 0.99. */
  readonly quantile?: number;
}

/**
 * Mutual information with the condition, pooled and within-condition standard deviation of every latent, and the noise
 * floor of the mutual information.
 *
 * @param latents shape [samples][d].
 * @param labels class index of each sample; of a condition that is a number, the cell. Shape [samples].
 * @param classes number of classes.
 * @throws InputError when shapes or labels do not fit, a latent is not finite, or no class has two samples.
 */
export function scoreLatents(
  latents: SampleMatrix,
  labels: Int32Array,
  classes: number,
  options: ScoreOptions = {},
): LatentScores {
  const { condition, permutations = condition ? 20 : 100, quantile = 0.99, seed = 0 } = options;
  if (!Number.isInteger(permutations) || permutations < 1) {
    throw new InputError(`The number of permutations must be a whole number from 1; got ${permutations}.`);
  }
  const spreads = spectrum(latents, labels, classes).toSorted((a, b) => a.latent - b.latent);
  const estimator = condition
    ? new ContinuousMutualInformation(condition, options)
    : new MutualInformation(labels, options);
  const shuffled = new PermutationNull(estimator.labels, seed);
  const { width } = latents;
  const entries: LatentScore[] = [];
  let done = 0;
  for (const values of columns(latents, "The latents")) {
    const sorted = estimator.sort(values);
    const mi = Math.max(0, sorted.estimate(estimator.labels));
    entries.push({ ...spreads[entries.length], mi });
    // Every latent has its share of the permutations.
    for (; done < Math.floor((entries.length * permutations) / width); done++) shuffled.add(sorted.estimate);
  }
  return { entries, null: shuffled.level(width, quantile) };
}

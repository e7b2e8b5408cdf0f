import { InputError } from "../errors.js";
import { correlationMatrix } from "./correlation.js";
import { checkLabels, checkSampleMatrix, type SampleMatrix, selectRows } from "./sample-matrix.js";

/** A class tells which latent carries a component when it has this many samples ... */
const FEWEST_SAMPLES = 20;
/** ... and follows it with at least this correlation. */
const WEAKEST_CORRELATION = 0.5;

/**
 * The latents that carry each true component: those which, inside at least one class, have the largest |correlation|
 * with it of all latents (and at least 0.5). A component that was found whole is carried by the same latent in every
 * class; one that is split is carried by several, each for some of the classes.
 *
 * @param truth shape [samples][n].
 * @param estimate shape [samples][d].
 * @param labels class index of each sample. Shape [samples].
 * @returns for each component the latents, ascending; none where no class follows it. Shape [n][carriers].
 * @throws InputError when shapes or labels do not fit.
 */
export function carriers(
  truth: SampleMatrix,
  estimate: SampleMatrix,
  labels: Int32Array,
  classes: number,
): number[][] {
  checkSampleMatrix(truth, "The truth");
  checkSampleMatrix(estimate, "The latents");
  checkLabels(labels, truth.samples, classes);
  if (estimate.samples !== truth.samples) {
    throw new InputError(`The truth has ${truth.samples} samples and the latents ${estimate.samples}.`);
  }
  const found = Array.from({ length: truth.width }, () => new Set<number>());
  for (let label = 0; label < classes; label++) {
    const members = Array.from(labels.keys()).filter((sample) => labels[sample] === label);
    if (members.length < FEWEST_SAMPLES) continue;
    const matrix = correlationMatrix(selectRows(truth, members), selectRows(estimate, members));
    matrix.forEach((row, component) => {
      const sizes = row.map(Math.abs);
      const largest = Math.max(...sizes);
      if (largest >= WEAKEST_CORRELATION) found[component].add(sizes.indexOf(largest));
    });
  }
  return found.map((latents) => [...latents].sort((a, b) => a - b));
}

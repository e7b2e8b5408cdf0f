import { Random } from "../../engine/random.js";
import { type SampleMatrix, selectRows } from "../sample-matrix.js";
import type { OutOfSample } from "./evaluation-result.js";

/** Samples of both sides. */
export interface Half {
  readonly truth: SampleMatrix;
  readonly estimate: SampleMatrix;
}

/** Samples on which maps are found, and others on which they are measured. */
export interface Halves {
  readonly fitted: Half;
  readonly scored: Half;
}

/** Which samples are on either side; ascending. */
export interface HalfRows {
  readonly fitted: Int32Array;
  readonly scored: Int32Array;
}

/** Divides samples at random in two halves of the same size, or nearly. */
export function halfRows(samples: number, seed: number): HalfRows {
  const order = new Random(seed, "evaluation halves").permutation(samples);
  const middle = samples >> 1;
  return { fitted: order.slice(0, middle).sort(), scored: order.slice(middle).sort() };
}

export function divide(truth: SampleMatrix, estimate: SampleMatrix, { fitted, scored }: HalfRows): Halves {
  const half = (rows: Int32Array): Half => ({
    truth: selectRows(truth, rows),
    estimate: selectRows(estimate, rows),
  });
  return { fitted: half(fitted), scored: half(scored) };
}

export const sizesOf = ({ fitted, scored }: Halves): OutOfSample => ({
  samples: { fitted: fitted.truth.samples, scored: scored.truth.samples },
});

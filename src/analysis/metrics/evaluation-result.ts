import type { CorrelationKind } from "../correlation.js";
import type { Disentanglement } from "./dci.js";

/** A value with the number of samples it comes from. */
export interface InSample {
  readonly samples: number;
}

/** Found on some samples, measured on others. */
export interface OutOfSample {
  readonly samples: { readonly fitted: number; readonly scored: number };
}

/** A metric measured on the samples it was fitted on, and on others; null where there are too few for that. */
export interface InAndOut<T> {
  readonly inSample: T & InSample;
  readonly outOfSample: (T & OutOfSample) | null;
}

/** One-to-one matches: for each true component its latent and |correlation| with it. */
export interface Matches {
  readonly value: number;
  readonly assignment: number[];
  readonly correlations: number[];
}

/** Canonical correlations, largest first, and their sum over the number of true components. */
export interface Canonical {
  readonly value: number;
  readonly correlations: number[];
}

/** R^2 of each true component, null of one that is constant, and the mean of those that are not. */
export interface Determination {
  readonly value: number | null;
  readonly components: (number | null)[];
}

/** How latents compare with the true components of the same samples. */
export interface Evaluation {
  readonly samples: number;
  /** The seed that divides the samples in two halves, for what is measured out of sample. */
  readonly seed: number;
  readonly mcc: {
    readonly version: string;
    readonly pearson: InAndOut<Matches>;
    readonly spearman: InAndOut<Matches>;
  };
  /** Signed, of all samples. Shape [true components][latents]. */
  readonly correlation: Readonly<Record<CorrelationKind, number[][]>>;
  /** Null where there are too many latents for it, as those that follow. */
  readonly weakMcc: ({ readonly version: string } & InAndOut<Canonical>) | null;
  readonly r2: ({ readonly version: string } & InAndOut<Determination>) | null;
  /** Null also where nothing correlates. Importance is measured on all samples. */
  readonly dci:
    | (Disentanglement & InSample & { readonly version: string; readonly informativeness: number | null })
    | null;
  /** Sentences on what in the samples limits the meaning of the values. */
  readonly notes: string[];
}

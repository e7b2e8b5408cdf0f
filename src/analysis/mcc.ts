import { munkres } from "munkres";
import { InputError } from "../errors.js";
import { type CorrelationKind, correlationMatrix } from "./correlation.js";
import { type SampleMatrix, selectColumns } from "./sample-matrix.js";

/** How well estimated latents match true components, one to one. */
export interface MeanCorrelation {
  /** Mean of `correlations`, 0..1. */
  readonly mcc: number;
  /** For each true component the index of the latent matched to it. Shape [true components]. */
  readonly assignment: number[];
  /** |correlation| of each true component with its latent. Shape [true components]. */
  readonly correlations: number[];
  /** |correlation| of every true component with every latent. Shape [true components][latents]. */
  readonly matrix: number[][];
}

/**
 * Mean correlation coefficient: the one-to-one assignment a of latents to true components that maximises
 * (1/n) sum_i |corr(z_i, w_a(i))|, and that maximum (Hyvärinen & Morioka, "Unsupervised feature extraction by
 * time-contrastive learning and nonlinear ICA", 2016; Khemakhem et al., "Variational autoencoders and nonlinear
 * ICA", 2020). The assignment is found with the Hungarian method; latents beyond n stay unmatched.
 *
 * @param truth shape [samples][n].
 * @param estimate shape [samples][d], n <= d.
 * @throws InputError when there are more true components than latents, or as `correlationMatrix` does.
 */
export function meanCorrelationCoefficient(
  truth: SampleMatrix,
  estimate: SampleMatrix,
  options: { readonly kind?: CorrelationKind } = {},
): MeanCorrelation {
  if (truth.width > estimate.width) {
    throw new InputError(
      `${truth.width} true components cannot be matched one to one with ${estimate.width} latents.`,
    );
  }
  return matchCorrelations(correlationMatrix(truth, estimate, options.kind ?? "pearson"));
}

/** The same from correlations [true components][latents], whose signs do not matter. */
export function matchCorrelations(signed: readonly (readonly number[])[]): MeanCorrelation {
  const matrix = signed.map((row) => row.map(Math.abs));
  const assignment = bestAssignment(matrix);
  const correlations = assignment.map((latent, component) => matrix[component][latent]);
  return { mcc: meanOf(correlations), assignment, correlations, matrix };
}

/**
 * |correlation| of each true component with the latent that an assignment, found on other samples, gives it, and their
 * mean.
 */
export function assignedCorrelations(
  truth: SampleMatrix,
  estimate: SampleMatrix,
  assignment: readonly number[],
  kind: CorrelationKind = "pearson",
): { readonly mcc: number; readonly correlations: number[] } {
  const matrix = correlationMatrix(truth, selectColumns(estimate, assignment), kind);
  const correlations = assignment.map((_, component) => Math.abs(matrix[component][component]));
  return { mcc: meanOf(correlations), correlations };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** For each row the column that maximises the sum over rows, no column twice. Rows <= columns. */
export function bestAssignment(matrix: readonly (readonly number[])[]): number[] {
  const assignment = new Array<number>(matrix.length).fill(-1);
  for (const [row, chosen] of munkres(matrix.map((values) => values.map((value) => 1 - value)))) {
    assignment[row] = chosen;
  }
  return assignment;
}

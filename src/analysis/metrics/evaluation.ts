import { InputError } from "../../errors.js";
import { type CorrelationKind, correlationMatrix } from "../correlation.js";
import { assignedCorrelations, matchCorrelations } from "../mcc.js";
import { checkSampleMatrix, type SampleMatrix } from "../sample-matrix.js";
import { affineMetrics } from "./affine-metrics.js";
import { METRICS } from "./definitions.js";
import type { Evaluation, InAndOut, Matches } from "./evaluation-result.js";
import { divide, type HalfRows, type Halves, halfRows, sizesOf } from "./halves.js";
import { FEWEST_TO_DIVIDE } from "./notes.js";

/** Metrics that decompose the correlations among the latents are left out for more of them. */
const MOST_LATENTS = 1024;

/** How samples are divided for what is measured out of sample. */
export interface EvaluationOptions {
  /** Seed of the halves. Default 0. */
  readonly seed?: number;
  /** The halves themselves. */
  readonly rows?: HalfRows;
}

/**
 * All metrics of latents against known true components. In sample, everything is found and measured on all samples;
 * out of sample, assignments, canonical directions and regressions are found on one half and measured on the other.
 *
 * @param truth shape [samples][n].
 * @param estimate shape [samples][d], n <= d.
 * @throws InputError when there are more components than latents, the samples are not as many or fewer than two, or a
 * value is not finite.
 */
export function evaluateLatents(
  truth: SampleMatrix,
  estimate: SampleMatrix,
  { seed = 0, rows }: EvaluationOptions = {},
): Evaluation {
  checkSampleMatrix(truth, "The truth");
  checkSampleMatrix(estimate, "The latents");
  if (truth.width > estimate.width) {
    throw new InputError(
      `${truth.width} true components cannot be matched one to one with ${estimate.width} latents.`,
    );
  }
  const correlation = {
    pearson: correlationMatrix(truth, estimate, "pearson"),
    spearman: correlationMatrix(truth, estimate, "spearman"),
  };
  const divided = rows ?? (truth.samples < FEWEST_TO_DIVIDE ? undefined : halfRows(truth.samples, seed));
  const halves = divided && divide(truth, estimate, divided);
  const matches = (kind: CorrelationKind) => matchesOf(correlation[kind], truth.samples, halves, kind);
  const mcc = {
    version: METRICS.mcc.version,
    pearson: matches("pearson"),
    spearman: matches("spearman"),
  };
  const common = { samples: truth.samples, seed, mcc, correlation };
  if (estimate.width > MOST_LATENTS) {
    const note = `Weak MCC, R2 and DCI are left out: there are ${estimate.width} latents, more than ${MOST_LATENTS}.`;
    return { ...common, weakMcc: null, r2: null, dci: null, notes: [note] };
  }
  return { ...common, ...affineMetrics(truth, estimate, halves) };
}

function matchesOf(
  signed: readonly (readonly number[])[],
  samples: number,
  halves: Halves | undefined,
  kind: CorrelationKind,
): InAndOut<Matches> {
  const { mcc, assignment, correlations } = matchCorrelations(signed);
  const inSample = { samples, value: mcc, assignment, correlations };
  if (!halves) return { inSample, outOfSample: null };
  const { fitted, scored } = halves;
  const found = matchCorrelations(correlationMatrix(fitted.truth, fitted.estimate, kind)).assignment;
  const measured = assignedCorrelations(scored.truth, scored.estimate, found, kind);
  return {
    inSample,
    outOfSample: {
      ...sizesOf(halves),
      value: measured.mcc,
      assignment: found,
      correlations: measured.correlations,
    },
  };
}

/** The evaluation of chosen latents, whose assignments name them by their numbers among all. */
export function withLatentNumbers(evaluation: Evaluation, chosen: readonly number[]): Evaluation {
  const renamed = <T extends Matches>(matches: T): T => ({
    ...matches,
    assignment: matches.assignment.map((position) => chosen[position]),
  });
  const both = ({ inSample, outOfSample }: InAndOut<Matches>): InAndOut<Matches> => ({
    inSample: renamed(inSample),
    outOfSample: outOfSample && renamed(outOfSample),
  });
  const { mcc } = evaluation;
  return { ...evaluation, mcc: { ...mcc, pearson: both(mcc.pearson), spearman: both(mcc.spearman) } };
}

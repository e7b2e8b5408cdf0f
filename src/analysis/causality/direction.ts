import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { hsicTest } from "./hsic.js";

export interface DirectionOptions {
  /** The segment of each sample, from 0. */
  readonly segments?: ArrayLike<number> | undefined;
  /** The chance of calling anything dependent that is not, over the four tests. Default 0.05. */
  readonly level?: number | undefined;
  /** Samples that the tests use at most; their cost grows with the square of those in a segment. Default 1000. */
  readonly samples?: number | undefined;
  /** Permutations a test; 0 for the gamma approximation. Default 0. */
  readonly permutations?: number | undefined;
  readonly seed?: number | undefined;
}

/** A test whether a variable is independent of a disturbance, given the segment. */
export interface IndependenceTest {
  /** Index of the variable, 0 or 1. */
  readonly variable: 0 | 1;
  /** Index of the disturbance, 0 or 1; null: of the other variable. */
  readonly disturbance: 0 | 1 | null;
  readonly hsic: number;
  readonly p: number;
  readonly independent: boolean;
}

export interface CausalDirection {
  /** Index of the cause, 0 or 1; null: undecided. */
  readonly cause: 0 | 1 | null;
  /**
   * Why: exactly one independence was found, of two variables that depend on each other ("directed"); they do not
   * ("independent"); none was found ("all dependent": a latent common cause, feedback, or disturbances that were not
   * recovered); or several were ("ambiguous": the tests cannot tell).
   */
  readonly finding: "directed" | "independent" | "all dependent" | "ambiguous";
  /** The four tests of variables with disturbances. */
  readonly tests: readonly IndependenceTest[];
  /** The test of the variables with each other. */
  readonly dependence: IndependenceTest;
  /** A test calls dependent what has p below this: a quarter of the level (Bonferroni). */
  readonly testLevel: number;
  /** Samples that the tests used. */
  readonly samples: number;
}

/**
 * The causal direction of two variables from estimates of their disturbances (Monti, Zhang and Hyvarinen, "Causal
 * discovery with general non-linear relationships using non-linear ICA", 2019; iVAE, section 5.2). If
 * x1 = f1(n1), x2 = f2(x1, n2), then x1 is independent of n2, while x1 and n1, x2 and n1, x2 and n2 depend on each other.
 * All four are tested with HSIC, each at a quarter of the level; of two variables that depend on each other the one with the
 * only independence is the cause.
 * Since the disturbances' spreads change with the segment, tests are of independence given the segment.
 *
 * @param variables two columns.
 * @param disturbances two columns, in any order.
 * @throws InputError where lengths differ or samples are too few.
 */
export function causalDirection(
  variables: readonly [Float64Array, Float64Array],
  disturbances: readonly [Float64Array, Float64Array],
  options: DirectionOptions = {},
): CausalDirection {
  const { level = 0.05, samples = 1000, permutations = 0, seed = 0 } = options;
  const length = variables[0].length;
  const segments = options.segments ?? new Int32Array(length);
  if (
    [...variables, ...disturbances].some((column) => column.length !== length) ||
    segments.length !== length
  ) {
    throw new InputError(
      `A causal direction needs columns of one length; got ${length} values in the first.`,
    );
  }
  const rows = testRows(segments, samples, seed);
  const take = (column: ArrayLike<number>) => Float64Array.from(rows, (row) => column[row]);
  const [xs, ns, conditions] = [variables.map(take), disturbances.map(take), take(segments)];
  const testLevel = level / 4;
  const test = (variable: 0 | 1, disturbance: 0 | 1 | null, limit: number): IndependenceTest => {
    const other = disturbance === null ? xs[1 - variable] : ns[disturbance];
    const { hsic, p, pPermutation } = hsicTest(xs[variable], other, { conditions, permutations, seed });
    const used = pPermutation ?? p;
    return { variable, disturbance, hsic, p: used, independent: used > limit };
  };
  const tests = ([0, 1] as const).flatMap((variable) =>
    ([0, 1] as const).map((disturbance) => test(variable, disturbance, testLevel)),
  );
  const dependence = test(0, null, level);
  const independent = tests.filter((one) => one.independent);
  const finding =
    independent.length === 0
      ? "all dependent"
      : dependence.independent
        ? "independent"
        : independent.length === 1
          ? "directed"
          : "ambiguous";
  const cause = finding === "directed" ? independent[0].variable : null;
  return { cause, finding, tests, dependence, testLevel, samples: rows.length };
}

/** A segment takes part with at least so many samples, if it has them. */
const FEWEST_OF_SEGMENT = 20;

/** Random rows, as many of each segment; of segments only some where there are too many for that. */
function testRows(segments: ArrayLike<number>, most: number, seed: number): number[] {
  const random = new Random(seed, "rows of independence tests");
  const groups = new Map<number, number[]>();
  for (let row = 0; row < segments.length; row++) {
    const rows = groups.get(segments[row]);
    if (rows) rows.push(row);
    else groups.set(segments[row], [row]);
  }
  const all = [...groups.values()];
  const quota = Math.max(FEWEST_OF_SEGMENT, Math.ceil(most / all.length));
  const chosen: number[] = [];
  for (const index of random.permutation(all.length)) {
    const rows = all[index];
    const order = random.permutation(rows.length);
    const wanted = Math.min(quota, rows.length, most - chosen.length);
    for (let k = 0; k < wanted; k++) chosen.push(rows[order[k]]);
  }
  return chosen.sort((a, b) => a - b);
}

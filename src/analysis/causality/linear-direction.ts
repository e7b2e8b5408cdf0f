import { InputError } from "../../errors.js";

/** The direction that a linear model with non-Gaussian disturbances prefers. */
export interface LinearDirection {
  /** Log-likelihood of first -> second less that of second -> first, per sample. */
  readonly ratio: number;
  /** Index of the cause, 0 or 1. */
  readonly cause: 0 | 1;
}

/**
 * The pairwise likelihood ratio of LiNGAM (Hyvarinen and Smith, "Pairwise likelihood ratios for estimation of
 * non-Gaussian structural equation models", 2013, eq. 3): with standardised variables, r_y the residual of y on x and
 * r_x that of x on y,
 *   R = -H(x) - H(r_y / sd) + H(y) + H(r_x / sd),
 * positive where x -> y is likelier. Entropies are approximated as Hyvarinen (1998) does. With conditions, variables
 * are centred within each.
 *
 * @throws InputError where lengths differ or a variable is constant.
 */
export function linearDirection(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  conditions?: ArrayLike<number>,
): LinearDirection {
  if (first.length !== second.length) {
    throw new InputError(`A direction needs equally many values; got ${first.length} and ${second.length}.`);
  }
  const [x, y] = [first, second].map((values) => standardise(centreWithin(values, conditions)));
  const correlation = meanOf(x.map((value, n) => value * y[n]));
  const residual = (of: Float64Array, on: Float64Array) =>
    standardise(of.map((value, n) => value - correlation * on[n]));
  const ratio = entropy(y) + entropy(residual(x, y)) - entropy(x) - entropy(residual(y, x));
  return { ratio, cause: ratio >= 0 ? 0 : 1 };
}

function centreWithin(values: ArrayLike<number>, conditions: ArrayLike<number> | undefined): Float64Array {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let n = 0; n < values.length; n++) {
    const key = conditions ? conditions[n] : 0;
    const entry = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: entry.sum + values[n], count: entry.count + 1 });
  }
  return Float64Array.from(values, (value, n) => {
    const { sum, count } = sums.get(conditions ? conditions[n] : 0) ?? { sum: 0, count: 1 };
    return value - sum / count;
  });
}

function standardise(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  if (!(deviation > 0)) throw new InputError("A direction needs two variables that vary, and not in step.");
  return values.map((value) => (value - mean) / deviation);
}

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Differential entropy of a standardised variable (Hyvarinen, "New approximations of differential entropy", 1998). */
function entropy(values: Float64Array): number {
  const gaussian = 0.5 * (1 + Math.log(2 * Math.PI));
  const even = meanOf(values.map((value) => Math.log(Math.cosh(value)))) - 0.37457;
  const odd = meanOf(values.map((value) => value * Math.exp(-0.5 * value * value)));
  return gaussian - 79.047 * even ** 2 - 7.4129 * odd ** 2;
}

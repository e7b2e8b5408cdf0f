import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { gammaTail } from "../gamma-tail.js";
import { median } from "../median.js";

export interface HsicOptions {
  /**
   * A condition of each sample, from 0: the test is of independence given the condition. Kernels and statistics are
   * those of each condition, their sum is the statistic. Default: none, all samples together.
   */
  readonly conditions?: ArrayLike<number> | undefined;
  /** Permutations of y within its conditions, for a p that needs no approximation. Default 0, none. */
  readonly permutations?: number | undefined;
  readonly seed?: number | undefined;
}

export interface HsicTest {
  /** The biased estimate of HSIC, a mean over the conditions weighted by their samples. */
  readonly hsic: number;
  /** The sum over the conditions of n HSIC. */
  readonly statistic: number;
  /** Mean and variance of the statistic where x and y are independent. */
  readonly mean: number;
  readonly variance: number;
  /** The probability of so large a statistic under independence, by a gamma distribution with this mean and variance. */
  readonly p: number;
  /** The same by permutations; null where there were none. */
  readonly pPermutation: number | null;
  /** Samples in conditions large enough for the test. */
  readonly samples: number;
}

/** The variance under independence needs so many samples. */
const FEWEST = 6;

/**
 * The Hilbert-Schmidt independence criterion of two scalar variables, and a test of independence (Gretton et al., "A
 * kernel statistical test of independence", 2008). Kernels are Gaussian, exp(-(a - b)^2 / 2 s^2), with s the median
 * distance between samples. HSIC = tr(K H L H) / n^2; under independence n HSIC is about gamma distributed, with mean and
 * variance as in the paper's theorem 3. With conditions, statistics of different conditions are independent, so that
 * means and variances add up. The cost is the square of the samples in a condition.
 *
 * @throws InputError where lengths differ, a value is not finite, or no condition has 6 samples.
 */
export function hsicTest(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { conditions, permutations = 0, seed = 0 }: HsicOptions = {},
): HsicTest {
  const groups = groupsOf(x, y, conditions).filter(({ length }) => length >= FEWEST);
  if (groups.length === 0) {
    throw new InputError(
      `An independence test needs ${FEWEST} samples in some condition; got ${x.length} in all.`,
    );
  }
  const parts = groups.map((rows) => groupStatistics(pick(x, rows), pick(y, rows)));
  const total = (of: (part: GroupStatistics) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  const [statistic, mean, variance] = [
    total((part) => part.statistic),
    total((part) => part.mean),
    total((part) => part.variance),
  ];
  const samples = groups.reduce((sum, rows) => sum + rows.length, 0);
  return {
    hsic: statistic / samples,
    statistic,
    mean,
    variance,
    // Without variance, one of the two is constant: nothing depends on it.
    p: variance > 0 ? gammaTail(mean ** 2 / variance, (statistic * mean) / variance) : 1,
    pPermutation: permutations > 0 ? permutationP(parts, statistic, permutations, seed) : null,
    samples,
  };
}

/** The biased estimate tr(K H L H) / n^2 for all samples together. */
export function hsic(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const [rows] = groupsOf(x, y, undefined);
  return groupStatistics(pick(x, rows), pick(y, rows)).statistic / rows.length;
}

/** Rows by condition. */
function groupsOf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  conditions: ArrayLike<number> | undefined,
): number[][] {
  if (x.length !== y.length || (conditions && conditions.length !== x.length)) {
    throw new InputError(
      `An independence test needs equally many values; got ${x.length}, ${y.length}${conditions ? ` and ${conditions.length} conditions` : ""}.`,
    );
  }
  const groups = new Map<number, number[]>();
  for (let n = 0; n < x.length; n++) {
    if (!Number.isFinite(x[n]) || !Number.isFinite(y[n])) {
      throw new InputError(
        `An independence test found ${x[n]} and ${y[n]} in row ${n}; every value must be finite.`,
      );
    }
    const condition = conditions ? conditions[n] : 0;
    const rows = groups.get(condition);
    if (rows) rows.push(n);
    else groups.set(condition, [n]);
  }
  return [...groups.values()];
}

const pick = (values: ArrayLike<number>, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (row) => values[row]);

interface GroupStatistics {
  readonly size: number;
  /** H K H, and L. Shape [size][size]. */
  readonly centred: Float64Array;
  readonly other: Float64Array;
  readonly statistic: number;
  readonly mean: number;
  readonly variance: number;
}

function groupStatistics(x: Float64Array, y: Float64Array): GroupStatistics {
  const n = x.length;
  const [k, l] = [kernel(x), kernel(y)];
  if (isConstant(x) || isConstant(y)) {
    return { size: n, centred: new Float64Array(n * n), other: l, statistic: 0, mean: 0, variance: 0 };
  }
  const [meanK, meanL] = [meanOffDiagonal(k, n), meanOffDiagonal(l, n)];
  const [centred, centredL] = [centre(k, n), centre(l, n)];
  let [sum, squares] = [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const product = centred[i * n + j] * centredL[i * n + j];
      sum += product;
      if (i !== j) squares += product * product;
    }
  }
  const falling = n * (n - 1) * (n - 2) * (n - 3);
  return {
    size: n,
    centred,
    other: l,
    statistic: sum / n,
    mean: 1 + meanK * meanL - meanK - meanL,
    variance: (2 * (n - 4) * (n - 5) * n * n * squares) / (n * (n - 1)) / falling,
  };
}

const isConstant = (values: Float64Array): boolean => values.every((value) => value === values[0]);

/** exp(-(a - b)^2 / 2 s^2), s the median distance (of those that are not 0, if most are). */
function kernel(values: Float64Array): Float64Array {
  const n = values.length;
  const matrix = new Float64Array(n * n).fill(1);
  const width = medianDistance(values);
  if (width === 0) return matrix;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const distance = (values[i] - values[j]) / width;
      const value = Math.exp(-0.5 * distance * distance);
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  }
  return matrix;
}

function medianDistance(values: Float64Array): number {
  const n = values.length;
  const distances = new Float64Array((n * (n - 1)) / 2);
  let at = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) distances[at++] = Math.abs(values[i] - values[j]);
  distances.sort();
  const middle = (distances.length - 1) / 2;
  const found = (distances[Math.floor(middle)] + distances[Math.ceil(middle)]) / 2;
  return found > 0 ? found : median(Array.from(distances.filter((distance) => distance > 0))) || 0;
}

function meanOffDiagonal(matrix: Float64Array, n: number): number {
  return (matrix.reduce((sum, value) => sum + value, 0) - n) / (n * (n - 1));
}

/** H K H with H = 1 - 11' / n, for a symmetric K. */
function centre(matrix: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j];
    means[i] = sum / n;
  }
  const grand = means.reduce((sum, value) => sum + value, 0) / n;
  const centred = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) centred[i * n + j] = matrix[i * n + j] - means[i] - means[j] + grand;
  }
  return centred;
}

function permutationP(
  parts: readonly GroupStatistics[],
  statistic: number,
  permutations: number,
  seed: number,
): number {
  const random = new Random(seed, "independence permutations");
  let asLarge = 1;
  for (let permutation = 0; permutation < permutations; permutation++) {
    const shuffled = parts.reduce((sum, part) => sum + permuted(part, random.permutation(part.size)), 0);
    // Equal arrangements of ties may differ in the last bits.
    if (shuffled >= statistic * (1 - 1e-12)) asLarge++;
  }
  return asLarge / (permutations + 1);
}

function permuted({ size, centred, other }: GroupStatistics, order: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    const [row, from] = [i * size, order[i] * size];
    for (let j = 0; j < size; j++) sum += centred[row + j] * other[from + order[j]];
  }
  return sum / size;
}

import { Random } from "../engine/random.js";

/** Noise, as a part of the column's standard deviation, that tells equal values apart (Kraskov et al., 2004). */
const NOISE = 1e-10;
/** Columns whose standard deviation is below this are taken as constant and keep their scale. */
const CONSTANT = 10 * Number.EPSILON;

/**
 * The noise that breaks ties: standard normal numbers, one a sample, the same for every column. What is estimated from
 * a column depends on this column alone, so columns need no noise of their own. Shape [samples].
 */
export function tieBreakingNoise(samples: number, seed: number, purpose: string): Float64Array {
  const random = new Random(seed, purpose);
  return Float64Array.from({ length: samples }, () => random.normal());
}

/**
 * A column scaled to unit standard deviation, not centred, plus noise of 1e-10 times max(1, mean |value|): what
 * scikit-learn does before it looks for neighbours. Works in place.
 *
 * @returns the column.
 */
export function scaledWithoutTies(column: Float64Array, noise: Float64Array): Float64Array {
  const { length } = column;
  let mean = 0;
  for (let n = 0; n < length; n++) mean += column[n];
  mean /= length;
  let variance = 0;
  let size = 0;
  for (let n = 0; n < length; n++) {
    variance += (column[n] - mean) ** 2;
    size += Math.abs(column[n]);
  }
  const deviation = Math.sqrt(variance / length);
  const scale = deviation < CONSTANT ? 1 : deviation;
  const amplitude = NOISE * Math.max(1, size / length / scale);
  for (let n = 0; n < length; n++) column[n] = column[n] / scale + amplitude * noise[n];
  return column;
}

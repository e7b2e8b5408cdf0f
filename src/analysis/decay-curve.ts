import { InputError } from "../errors.js";

/** A drop that counts as sharp divides by at least this much, in a wide spectrum and in a narrow one, ... */
const SHARP_FACTOR = 3;
const SHARP_FACTOR_NARROW = 2;
/** ... and covers at least this part of the spectrum's range on the log scale. */
const SHARP_SHARE = 0.25;
/** The last latent above a sharp drop is at least this part of the largest ... */
const SMALLEST_SHARE = 0.01;
/** ... or this part where a wide spectrum is cut in its second half: a cliff at the end of a slope is tail. */
const SMALLEST_SHARE_LATE = 0.1;
/** From this many latents on, a spectrum is wide: its end is a tail and not a group of its own. */
const WIDE = 100;
/** A knee lies at least this factor below the chord that spans it. */
const KNEE_FACTOR = 2.5;
/** Smaller values than this part of the largest are treated as equal to it: no log of 0. */
const ZERO_SHARE = 1e-6;
/** Below this part of the largest value the spectrum is not looked at for a knee or for its range. */
const RANGE_SHARE = 1e-3;

/** The largest ratio between neighbours of a sorted curve, among the cuts that may count. */
export interface SpectrumDrop {
  /** Number of values above the cut. */
  readonly count: number;
  /** v_count / v_(count+1). */
  readonly factor: number;
  /** Whether it separates two groups: see `largestDrop`. */
  readonly sharp: boolean;
  /** Whether no other cut, even in the tail, has a larger ratio. */
  readonly largest: boolean;
}

/** The point where a sorted curve bends most. */
export interface SpectrumKnee {
  /** Number of values above the knee, the steep part. */
  readonly count: number;
  /** By what factor the knee lies below the chord that spans it. */
  readonly factor: number;
  /** Whether that is enough to speak of a knee. */
  readonly clear: boolean;
}

/**
 * The largest drop of a sorted curve v_1 >= v_2 >= ... >= v_d, such as a spectrum: the cut k with the largest ratio
 * v_k / v_(k+1), that is, the largest step on the log scale. Cuts below the middle of the range of log v, or whose
 * v_k is under a hundredth of v_1 (a tenth, in the second half of 100 values or more), do not take part: on images
 * the last latents fall to almost nothing, and those steps are the largest of all while they say nothing about
 * information. A drop is sharp when the ratio is at least 3 (2 in a curve of fewer than 100 values) and covers a
 * quarter of the range.
 *
 * @returns undefined with a single value.
 * @throws InputError when the curve is empty, not sorted, or holds a value that is negative or not finite.
 */
export function largestDrop(values: readonly number[]): SpectrumDrop | undefined {
  const logs = logSpectrum(values);
  const floor = logs[floorRank(values.length)];
  const lowest = (k: number): number => {
    const late = values.length >= WIDE && k > values.length / 2;
    return Math.max((logs[0] + floor) / 2, logs[0] + Math.log(late ? SMALLEST_SHARE_LATE : SMALLEST_SHARE));
  };
  let best = 0;
  let steepest = 0;
  for (let k = 1; k < logs.length; k++) {
    const step = logs[k - 1] - logs[k];
    steepest = Math.max(steepest, step);
    if (logs[k - 1] >= lowest(k) && (best === 0 || step > logs[best - 1] - logs[best])) best = k;
  }
  if (best === 0) return undefined;
  const step = logs[best - 1] - logs[best];
  const range = Math.min(logs[0] - floor, -Math.log(RANGE_SHARE));
  const factor = values.length >= WIDE ? SHARP_FACTOR : SHARP_FACTOR_NARROW;
  const sharp = step >= Math.log(factor) && step >= SHARP_SHARE * range;
  return { count: best, factor: Math.exp(step), sharp, largest: step >= steepest };
}

/**
 * The knee of a sorted spectrum on the log scale, after Satopää et al., "Finding a 'Kneedle' in a haystack" (2011):
 * the rank k that lies furthest below a chord from the first value,
 *   max over e > k of y_0 + (y_e - y_0) k / e - y_k,   y = log v, ranks from 0.
 * Kneedle's chord ends at the last value; here it ends where it is highest, so that a steep tail does not hide the
 * knee before it. Values under a thousandth of the first do not take part. The k values above the knee are the
 * steep part; a knee is clear from a factor of 2.5 below the chord.
 *
 * @returns undefined when no value lies below a chord.
 * @throws InputError as `largestDrop` does.
 */
export function kneeOfSpectrum(values: readonly number[]): SpectrumKnee | undefined {
  const logs = logSpectrum(values);
  let end = floorRank(values.length);
  while (end > 0 && logs[end] < logs[0] + Math.log(RANGE_SHARE)) end--;
  let count = 0;
  let deepest = 0;
  let slope = Number.NEGATIVE_INFINITY;
  for (let k = end - 1; k >= 1; k--) {
    slope = Math.max(slope, (logs[k + 1] - logs[0]) / (k + 1));
    const depth = logs[0] + slope * k - logs[k];
    if (depth > deepest) {
      deepest = depth;
      count = k;
    }
  }
  const factor = Math.exp(deepest);
  return count === 0 ? undefined : { count, factor, clear: factor >= KNEE_FACTOR };
}

/** Whether the values of a sorted curve are much alike: the first less than 3 times the last. */
export function isFlat(values: readonly number[]): boolean {
  const logs = logSpectrum(values);
  return logs[0] - logs[floorRank(values.length)] < Math.log(SHARP_FACTOR);
}

/** Rank of the value that stands for the bottom: the last, but of a wide spectrum the last fiftieth is left out. */
function floorRank(length: number): number {
  return length - 1 - (length >= WIDE ? Math.floor(length / 50) : 0);
}

/** Throws InputError when a curve is empty, not sorted, or holds a value that is negative or not finite. */
export function checkDecayCurve(values: readonly number[]): void {
  if (values.length === 0) throw new InputError("The spectrum is empty.");
  values.forEach((value, rank) => {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new InputError(`A spectrum holds numbers from 0; got ${value} at rank ${rank + 1}.`);
    }
    if (rank > 0 && value > values[rank - 1]) {
      throw new InputError(
        `The spectrum must be sorted, largest first; rank ${rank + 1} is larger than the one before.`,
      );
    }
  });
}

function logSpectrum(values: readonly number[]): number[] {
  checkDecayCurve(values);
  const smallest = values[0] > 0 ? values[0] * ZERO_SHARE : 1;
  return values.map((value) => Math.log(Math.max(value, smallest)));
}

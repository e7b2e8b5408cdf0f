import { InputError } from "../errors.js";
import type { SpectrumEntry, SpectrumMeasure } from "./spectrum.js";
import { formatFactor, formatValue } from "./wording.js";

/** How the informative latents were told from the rest; `none` when nothing in the spectrum does. */
export type InformativeRule = "sharp-drop" | "max-curvature" | "none";

/** How many latents are informative, by which rule, and why in one sentence. */
export interface InformativeLatents {
  /** The first `count` latents of the spectrum are informative; 0 when none stands out. */
  readonly count: number;
  readonly rule: InformativeRule;
  readonly reason: string;
}

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

/**
 * The number of informative latents of a sorted spectrum v_1 >= v_2 >= ... >= v_d.
 *
 * 1. Sharp drop: the cut k with the largest ratio v_k / v_(k+1), that is, the largest step on the log scale. It
 *    counts when the ratio is at least 3 (2 in a spectrum of fewer than 100 latents) and covers a quarter of the range of log v. Cuts below the middle of that
 *    range, or whose v_k is under a hundredth of v_1 (a tenth, in the second half of 100 latents or more), do not
 *    take part: on images the last latents fall to almost nothing, and those steps are the largest of all while they
 *    say nothing about information.
 * 2. Otherwise the knee (max-curvature): see `kneeOfSpectrum`.
 * 3. Otherwise none stands out, count 0: a flat spectrum (untrained, or every latent informative), or one that
 *    falls evenly.
 *
 * @param entries sorted, largest first, by `measure`.
 * @throws InputError when the spectrum is empty, not sorted, or holds a value that is negative or not finite.
 */
export function informativeLatents(
  entries: readonly SpectrumEntry[],
  measure: SpectrumMeasure = "sigma",
): InformativeLatents {
  const values = entries.map((entry) => entry[measure]);
  const logs = logSpectrum(values);
  const quantity =
    measure === "sigma" ? "standard deviation within conditions" : "standard deviation over all data";
  const place = (rank: number): string => `${formatValue(values[rank])} (latent ${entries[rank].latent})`;
  const last = values.length - 1;
  if (last === 0) {
    return {
      count: 0,
      rule: "none",
      reason: "There is a single latent, so there is nothing to compare it with.",
    };
  }
  const whole = Math.exp(logs[0] - logs[floorRank(values.length)]);

  const drop = largestDrop(values);
  const fall =
    drop && `${place(drop.count - 1)} to ${place(drop.count)}, a factor of ${formatFactor(drop.factor)}`;
  if (drop?.sharp) {
    const which = drop.largest ? "the largest drop in the spectrum" : "the largest drop above the tail";
    return { count: drop.count, rule: "sharp-drop", reason: `The ${quantity} falls from ${fall}, ${which}.` };
  }
  const knee = kneeOfSpectrum(values);
  if (knee && knee.factor >= KNEE_FACTOR) {
    const reason =
      `No single drop in the ${quantity} is sharp (the largest is from ${fall}); ` +
      `the spectrum bends most after ${knee.count} latents, at ${place(knee.count - 1)}, where its steep part ends.`;
    return { count: knee.count, rule: "max-curvature", reason };
  }
  const range = `from ${place(0)} to ${place(last)}`;
  const reason =
    whole < SHARP_FACTOR
      ? `No latent stands out: the ${quantity} is much alike in all of them, ${range}, as in a model that is ` +
        "untrained or in which every latent is informative."
      : `No latent stands out: the ${quantity} falls ${range} without a sharp drop or a clear bend.`;
  return { count: 0, rule: "none", reason };
}

/** The largest ratio between neighbours among the cuts that may count. */
export interface SpectrumDrop {
  /** Number of values above the cut. */
  readonly count: number;
  /** v_count / v_(count+1). */
  readonly factor: number;
  /** Whether it separates two groups: see `informativeLatents`. */
  readonly sharp: boolean;
  /** Whether no other cut, even in the tail, has a larger ratio. */
  readonly largest: boolean;
}

/**
 * The largest drop of a sorted spectrum, the tail left out as `informativeLatents` describes; undefined with a
 * single value.
 *
 * @throws InputError as `informativeLatents` does.
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
 * steep part.
 *
 * @returns the count k and by what factor v_k lies below the chord; undefined when no value lies below one.
 * @throws InputError as `informativeLatents` does.
 */
export function kneeOfSpectrum(values: readonly number[]): { count: number; factor: number } | undefined {
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
  return count === 0 ? undefined : { count, factor: Math.exp(deepest) };
}

/** Rank of the value that stands for the bottom: the last, but of a wide spectrum the last fiftieth is left out. */
function floorRank(length: number): number {
  return length - 1 - (length >= WIDE ? Math.floor(length / 50) : 0);
}

function logSpectrum(values: readonly number[]): number[] {
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
  const smallest = values[0] > 0 ? values[0] * ZERO_SHARE : 1;
  return values.map((value) => Math.log(Math.max(value, smallest)));
}

import { InputError } from "../errors.js";
import {
  checkDecayCurve,
  isFlat,
  kneeOfSpectrum,
  largestDrop,
  type SpectrumDrop,
  type SpectrumKnee,
} from "./decay-curve.js";
import { formatFactor, formatValue } from "./wording.js";

/**
 * Where to cut a sorted curve: behind so many values, behind the values above a threshold, at the largest drop between
 * neighbours, or at the knee. `usual` takes a sharp drop, else a clear knee, else the noise floor where there is one.
 */
export type Cut =
  | { readonly kind: "usual" | "sharp-drop" | "max-curvature" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "threshold"; readonly above: number };

/** What decided a cut; `none`: nothing stands out. */
export type CutRule = "count" | "threshold" | "sharp-drop" | "max-curvature" | "noise-floor" | "none";

/** Where a curve is cut, by which rule, and why in one sentence. */
export interface CurveCut {
  /** The first `count` values are above the cut; 0 when none stands out. */
  readonly count: number;
  readonly rule: CutRule;
  readonly reason: string;
}

/** A quantity of every latent, largest first. */
export interface DecayCurve {
  /** What is measured, as it stands in a sentence: "standard deviation within conditions". */
  readonly quantity: string;
  readonly values: readonly number[];
  /** Index of the latent of each value. */
  readonly latents: readonly number[];
  /** Values up to this one are noise of the estimate: drops and knees are looked for above it. */
  readonly floor?: number;
}

/**
 * Cuts a sorted curve.
 *
 * @throws InputError when the curve is empty, not sorted, or holds a value that is negative or not finite, or when
 *   more values are asked for than there are.
 */
export function cutCurve(curve: DecayCurve, cut: Cut = { kind: "usual" }): CurveCut {
  checkDecayCurve(curve.values);
  const view = viewOf(curve);
  if (cut.kind === "count") return atCount(view, cut.count);
  if (cut.kind === "threshold") return atThreshold(view, cut.above);
  if (view.above === 0) return none(`no latent has a ${curve.quantity} above ${view.place(0)}`);
  if (cut.kind === "sharp-drop") return atDrop(view, largestDrop(view.visible));
  if (cut.kind === "max-curvature") return atKnee(view, kneeOfSpectrum(view.visible));
  return usualCut(view);
}

/** A curve as the rules see it. */
interface View extends DecayCurve {
  /** How many values lie above the floor; all without one. */
  readonly above: number;
  /** The values, no lower than the floor; where there is one, the curve goes on to it behind the last latent. */
  readonly visible: readonly number[];
  /** The value of a rank, from 0, in words. */
  readonly place: (rank: number) => string;
}

function viewOf(curve: DecayCurve): View {
  const { values, latents, floor } = curve;
  if (floor === undefined) {
    const place = (rank: number) => `${formatValue(values[rank])} (latent ${latents[rank]})`;
    return { ...curve, above: values.length, visible: values, place };
  }
  const above = values.filter((value) => value > floor).length;
  const visible = [...values.map((value) => Math.max(value, floor)), floor];
  const place = (rank: number) =>
    rank < above
      ? `${formatValue(values[rank])} (latent ${latents[rank]})`
      : `the noise floor, ${formatValue(floor)}`;
  return { ...curve, above, visible, place };
}

const none = (why: string): CurveCut => ({
  count: 0,
  rule: "none",
  reason: `No latent stands out: ${why}.`,
});

function atCount({ quantity, values, place }: View, count: number): CurveCut {
  if (count > values.length) {
    throw new InputError(`There are ${values.length} latents; ${count} of them cannot be selected.`);
  }
  const next = count < values.length ? `; the next has ${place(count)}` : "";
  const last = count > 0 ? `, down to ${place(count - 1)}${next}` : "";
  return {
    count,
    rule: "count",
    reason: `The ${count} with the largest ${quantity} were asked for${last}.`,
  };
}

function atThreshold({ quantity, values }: View, threshold: number): CurveCut {
  const count = values.filter((value) => value > threshold).length;
  const have = count === 1 ? "1 latent has" : `${count} latents have`;
  return {
    count,
    rule: "threshold",
    reason: `${have} a ${quantity} above ${threshold}, the threshold asked for.`,
  };
}

function atDrop(view: View, drop: SpectrumDrop | undefined): CurveCut {
  if (drop === undefined || drop.factor === 1) return none(`the ${view.quantity} never falls`);
  const curve = view.floor === undefined ? "spectrum" : "curve";
  const which = drop.largest ? `the largest drop in the ${curve}` : "the largest drop above the tail";
  const blunt = drop.sharp ? "" : ", though not a sharp one";
  const reason = `The ${view.quantity} falls from ${fall(view, drop)}, ${which}${blunt}.`;
  return { count: drop.count, rule: "sharp-drop", reason };
}

function atKnee(view: View, knee: SpectrumKnee | undefined): CurveCut {
  if (knee === undefined) return none(`the ${view.quantity} has no knee`);
  const blunt = knee.clear ? "" : ", though not clearly";
  const reason = `The ${view.quantity} ${bend(view, knee)}${blunt}.`;
  return { count: knee.count, rule: "max-curvature", reason };
}

/** A factor that rounding explains. */
const SAME = 1.001;

function usualCut(view: View): CurveCut {
  const { quantity, values, visible, above, floor, place } = view;
  const drop = largestDrop(visible);
  if (drop === undefined) {
    const reason = "There is a single latent, so there is nothing to compare it with.";
    return { count: 0, rule: "none", reason };
  }
  if (drop.sharp) return atDrop(view, drop);
  const knee = kneeOfSpectrum(visible);
  if (knee?.clear) {
    const blunt = `No single drop in the ${quantity} is sharp (the largest is from ${fall(view, drop)})`;
    const reason = `${blunt}; the ${floor === undefined ? "spectrum" : "curve"} ${bend(view, knee)}.`;
    return { count: knee.count, rule: "max-curvature", reason };
  }
  const shape = "without a sharp drop or a clear bend";
  if (floor !== undefined) {
    const who =
      above === values.length ? "all latents lie" : above === 1 ? "1 latent lies" : `${above} latents lie`;
    const reason = `The ${quantity} falls from ${place(0)} on ${shape}; ${who} above the noise floor, ${formatValue(floor)}.`;
    return { count: above, rule: "noise-floor", reason };
  }
  if (!isFlat(values))
    return none(`the ${quantity} falls from ${place(0)} to ${place(values.length - 1)} ${shape}`);
  if (values[0] <= SAME * values[values.length - 1]) {
    return none(
      `the ${quantity} is the same in all of them, ${formatValue(values[0])}, as where latents are scaled to it, and so says nothing`,
    );
  }
  return none(
    `the ${quantity} is much alike in all of them, from ${place(0)} to ${place(values.length - 1)}, ` +
      "as in a model that is untrained or in which every latent is informative",
  );
}

const fall = ({ place }: View, { count, factor }: SpectrumDrop): string =>
  `${place(count - 1)} to ${place(count)}, a factor of ${formatFactor(factor)}`;

const bend = ({ place }: View, { count }: SpectrumKnee): string =>
  `bends most after ${count === 1 ? "1 latent" : `${count} latents`}, at ${place(count - 1)}, where its steep part ends`;

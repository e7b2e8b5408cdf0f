import type { Random } from "../engine/random.js";

/** Slope of the leaky ReLU where it is negative. */
const SLOPE = 0.2;

/** The bend in the ways from causes to effects, which can be undone. */
export const leaky = (x: number): number => (x > 0 ? x : SLOPE * x);

/** A size from [0.5, 1.5] with a random sign: neither lost nor dominant. */
export const drawWeight = (random: Random): number =>
  (random.uniform() < 0.5 ? -1 : 1) * (0.5 + random.uniform());

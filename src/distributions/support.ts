/** Where the values of a family lie: all numbers, those above 0, or those between 0 and 1. */
export type Support = "real" | "positive" | "unit";

/** The value on a support that a real number stands for: itself, exp(v), or 1 / (1 + exp(-v)). */
export function toSupport(support: Support, v: number): number {
  if (support === "real") return v;
  return support === "positive" ? Math.exp(v) : 1 / (1 + Math.exp(-v));
}

/** The real number that stands for a value, the inverse of {@link toSupport}; infinite at and beyond the ends. */
export function fromSupport(support: Support, w: number): number {
  if (support === "real") return w;
  if (w <= 0) return Number.NEGATIVE_INFINITY;
  if (support === "positive") return Math.log(w);
  return w >= 1 ? Number.POSITIVE_INFINITY : Math.log(w) - Math.log1p(-w);
}

/** log dw/dv of {@link toSupport}. */
export function logSlope(support: Support, v: number): number {
  if (support === "real") return 0;
  return support === "positive" ? v : -Math.abs(v) - 2 * Math.log1p(Math.exp(-Math.abs(v)));
}

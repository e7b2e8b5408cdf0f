import type { SampleRange } from "../../nn/batch-division.js";

/** A range in parts of even size, of at most `most` samples each; all but the last are a multiple of 8. */
export function partsOf({ from, to }: SampleRange, most: number): readonly SampleRange[] {
  const samples = to - from;
  if (samples <= most) return [{ from, to }];
  const each = 8 * Math.ceil(samples / Math.ceil(samples / most) / 8);
  return Array.from({ length: Math.ceil(samples / each) }, (_, part) => ({
    from: from + part * each,
    to: Math.min(to, from + (part + 1) * each),
  }));
}

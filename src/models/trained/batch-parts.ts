import type { BatchSlice } from "./gathered-batches.js";

/** A slice in parts of even size, of at most `most` samples each; all but the last are a multiple of 8. */
export function partsOf(slice: BatchSlice, most: number): readonly BatchSlice[] {
  const samples = slice.labels.length;
  if (samples <= most) return [slice];
  const each = 8 * Math.ceil(samples / Math.ceil(samples / most) / 8);
  return Array.from({ length: Math.ceil(samples / each) }, (_, part) => {
    const [start, end] = [part * each, Math.min(samples, (part + 1) * each)];
    const { conditions } = slice;
    return {
      ...slice,
      labels: slice.labels.subarray(start, end),
      conditions: conditions && {
        ...conditions,
        values: conditions.values.subarray(start * conditions.width, end * conditions.width),
      },
      first: slice.first + start,
      load: (staging, from = 0, to = end - start) => slice.load(staging, start + from, start + to),
    };
  });
}

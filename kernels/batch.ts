// Moving batches between the sample-major order of the outside, [sample][feature], and feature-major rows.

import { turnBlock } from "./simd";

/**
 * target[i] = source[indices[i]], samples of `size` floats. Rows are independent of one another, so that the processor waits
 * for many of them at once where they have to come from far.
 */
export function gatherSamples(source: usize, indices: usize, target: usize, samples: usize, size: usize): void {
  const bytes = size << 2, whole = size & ~3;
  for (let i: usize = 0; i < samples; i++) {
    const from = source + <usize>load<u32>(indices + (i << 2)) * bytes, to = target + i * bytes;
    let f: usize = 0;
    for (; f < whole; f += 4) v128.store(to + (f << 2), v128.load(from + (f << 2)));
    for (; f < size; f++) store<f32>(to + (f << 2), load<f32>(from + (f << 2)));
  }
}

/**
 * rows[f][b] = source[b][f]; the lanes from `samples` to `padded` become 0. Blocks of 4 samples x 4 features are turned
 * round in registers; where features are no multiple of 4, the last block overlaps the one before.
 */
export function rowsLoad(source: usize, rows: usize, stride: usize, samples: usize, padded: usize, features: usize): void {
  const whole: usize = features < 4 ? 0 : samples & ~3;
  for (let b: usize = 0; b < whole; b += 4) {
    for (let f: usize = 0; f < features; f += 4) {
      f = min<usize>(f, features - 4);
      turnBlock(source + ((b * features + f) << 2), features << 2, rows + ((f * stride + b) << 2), stride << 2);
    }
  }
  for (let f: usize = 0; f < features; f++) {
    const row = rows + ((f * stride) << 2);
    for (let b = whole; b < samples; b++) store<f32>(row + (b << 2), load<f32>(source + ((b * features + f) << 2)));
    memory.fill(row + (samples << 2), 0, (padded - samples) << 2);
  }
}

/** target[b][f] = rows[f][b]. */
export function rowsStore(rows: usize, stride: usize, target: usize, samples: usize, features: usize): void {
  for (let f: usize = 0; f < features; f++) {
    const row = rows + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      store<f32>(target + ((b * features + f) << 2), load<f32>(row + (b << 2)));
    }
  }
}

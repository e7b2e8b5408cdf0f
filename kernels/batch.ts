// Moving batches between the sample-major order of the outside, [sample][feature], and feature-major rows.

/** rows[f][b] = source[b][f]; the lanes from `samples` to `padded` become 0. */
export function rowsLoad(source: usize, rows: usize, stride: usize, samples: usize, padded: usize, features: usize): void {
  for (let f: usize = 0; f < features; f++) {
    const row = rows + ((f * stride) << 2);
    for (let b: usize = 0; b < samples; b++) {
      store<f32>(row + (b << 2), load<f32>(source + ((b * features + f) << 2)));
    }
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

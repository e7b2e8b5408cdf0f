// Rows of a table by the class of each sample. The table is [class][width]; labels are 32-bit class numbers, valid in
// every lane of the batch, which is a multiple of 8; rows are feature-major.

/** rows[f][b] = table[label b][f], added where `accumulate` is set. */
export function embed(
  table: usize, labels: usize, rows: usize, stride: usize, width: usize, batch: usize, accumulate: bool,
): void {
  for (let f: usize = 0; f < width; f++) {
    const row = rows + ((f * stride) << 2), column = table + (f << 2);
    for (let b: usize = 0; b < batch; b += 4) {
      const at = labels + (b << 2);
      let value = v128.load32_zero(entry(column, width, at));
      value = v128.load_lane<f32>(entry(column, width, at + 4), value, 1);
      value = v128.load_lane<f32>(entry(column, width, at + 8), value, 2);
      value = v128.load_lane<f32>(entry(column, width, at + 12), value, 3);
      const target = row + (b << 2);
      v128.store(target, accumulate ? f32x4.add(v128.load(target), value) : value);
    }
  }
}

// @ts-ignore: decorator
@inline
function entry(column: usize, width: usize, label: usize): usize {
  return column + ((<usize>load<u32>(label) * width) << 2);
}

/** dTable[label b][f] += dRows[f][b] for b < samples, in this order. */
export function embedGradient(
  dRows: usize, stride: usize, labels: usize, dTable: usize, width: usize, samples: usize,
): void {
  for (let f: usize = 0; f < width; f++) {
    const row = dRows + ((f * stride) << 2), column = dTable + (f << 2);
    for (let b: usize = 0; b < samples; b++) {
      const at = entry(column, width, labels + (b << 2));
      store<f32>(at, load<f32>(at) + load<f32>(row + (b << 2)));
    }
  }
}

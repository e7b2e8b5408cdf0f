// Maxout: the largest of several pieces of a layer's output, on feature-major rows; the batch is a multiple of 8.

/** y_j = max over p of x_{p width + j}. */
export function maxout(
  x: usize, xStride: usize, y: usize, yStride: usize, pieces: usize, width: usize, batch: usize,
): void {
  const row = batch << 2, piece = (width * xStride) << 2;
  for (let j: usize = 0; j < width; j++) {
    const xj = x + ((j * xStride) << 2), yj = y + ((j * yStride) << 2);
    for (let i: usize = 0; i < row; i += 16) {
      let largest = v128.load(xj + i);
      for (let p: usize = 1; p < pieces; p++) largest = f32x4.pmax(largest, v128.load(xj + p * piece + i));
      v128.store(yj + i, largest);
    }
  }
}

/** dx of the first of the largest pieces is dy, that of the others 0; stored. */
export function maxoutGradient(
  x: usize, dx: usize, xStride: usize, y: usize, dy: usize, yStride: usize, pieces: usize, width: usize, batch: usize,
): void {
  const row = batch << 2, piece = (width * xStride) << 2;
  for (let j: usize = 0; j < width; j++) {
    const from = (j * xStride) << 2, to = (j * yStride) << 2;
    for (let i: usize = 0; i < row; i += 16) {
      const largest = v128.load(y + to + i), slope = v128.load(dy + to + i);
      let open = i32x4.splat(-1);
      for (let p: usize = 0; p < pieces; p++) {
        const at = from + p * piece + i, chosen = v128.and(open, f32x4.eq(v128.load(x + at), largest));
        v128.store(dx + at, v128.and(chosen, slope));
        open = v128.andnot(open, chosen);
      }
    }
  }
}

// The matrix products of the Winograd convolutions. Register budget (V8 keeps 15 vectors): a tile is 4 outputs x 2
// vectors of columns, 8 accumulators; per input it loads 2 vectors and splats 4 weights.

import { madd } from "./simd";

/** Y = W X for one product: quads of outputs by inputs, times inputs by `row` bytes. */
// @ts-ignore: decorator
@inline
export function multiplyMatrix(w: usize, x: usize, y: usize, quads: usize, inputs: usize, row: usize): void {
  for (let q: usize = 0; q < quads; q++) {
    for (let c: usize = 0; c < row; c += 32) tile4x2(w, x + c, row, y + c, inputs);
    w += inputs << 4;
    y += row << 2;
  }
}

// @ts-ignore: decorator
@inline
function tile4x2(w: usize, x: usize, row: usize, y: usize, inputs: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (const end = w + (inputs << 4); w < end; w += 16, x += row) {
    const x0 = v128.load(x), x1 = v128.load(x, 16);
    const wa = v128.load32_splat(w);
    a0 = madd(wa, x0, a0); a1 = madd(wa, x1, a1);
    const wb = v128.load32_splat(w, 4);
    b0 = madd(wb, x0, b0); b1 = madd(wb, x1, b1);
    const wc = v128.load32_splat(w, 8);
    c0 = madd(wc, x0, c0); c1 = madd(wc, x1, c1);
    const wd = v128.load32_splat(w, 12);
    d0 = madd(wd, x0, d0); d1 = madd(wd, x1, d1);
  }
  v128.store(y, a0); v128.store(y, a1, 16);
  y += row;
  v128.store(y, b0); v128.store(y, b1, 16);
  y += row;
  v128.store(y, c0); v128.store(y, c1, 16);
  y += row;
  v128.store(y, d0); v128.store(y, d1, 16);
}

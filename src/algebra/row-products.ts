/** Rows of the first factor in a tile; buffers hold a multiple of it. */
export const TILE = 4;

/** The next multiple of `TILE`. */
export const tiled = (rows: number): number => TILE * Math.ceil(rows / TILE);

/**
 * out[i][j] += sum_k a[i][k] b[j][k] in double precision: the products of all rows of a and b. a is
 * [rowsA][length], b is [rowsB][length], out is [rowsA][rowsB]; the numbers of rows are multiples of `TILE`. With
 * `lower` only tiles that touch j <= i are computed, which is all that a symmetric product needs.
 */
export function addRowProducts(
  a: Float64Array,
  rowsA: number,
  b: Float64Array,
  rowsB: number,
  length: number,
  out: Float64Array,
  lower = false,
): void {
  for (let i = 0; i < rowsA; i += TILE) {
    const end = lower ? Math.min(rowsB, i + TILE) : rowsB;
    for (let j = 0; j < end; j += 2) addTile(a, i * length, b, j * length, length, out, i * rowsB + j, rowsB);
  }
}

/** Four rows against two: eight sums that stay in registers, and six loads for eight products. */
function addTile(
  a: Float64Array,
  a0: number,
  b: Float64Array,
  b0: number,
  length: number,
  out: Float64Array,
  at: number,
  stride: number,
): void {
  const a1 = a0 + length;
  const a2 = a1 + length;
  const a3 = a2 + length;
  const b1 = b0 + length;
  let s00 = 0;
  let s01 = 0;
  let s10 = 0;
  let s11 = 0;
  let s20 = 0;
  let s21 = 0;
  let s30 = 0;
  let s31 = 0;
  for (let k = 0; k < length; k++) {
    const u = b[b0 + k];
    const v = b[b1 + k];
    let x = a[a0 + k];
    s00 += x * u;
    s01 += x * v;
    x = a[a1 + k];
    s10 += x * u;
    s11 += x * v;
    x = a[a2 + k];
    s20 += x * u;
    s21 += x * v;
    x = a[a3 + k];
    s30 += x * u;
    s31 += x * v;
  }
  out[at] += s00;
  out[at + 1] += s01;
  out[at + stride] += s10;
  out[at + stride + 1] += s11;
  out[at + 2 * stride] += s20;
  out[at + 2 * stride + 1] += s21;
  out[at + 3 * stride] += s30;
  out[at + 3 * stride + 1] += s31;
}

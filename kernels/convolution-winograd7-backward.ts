// The gradients of convolutionWinograd7, by the adjoint of each of its steps: with Y = A dy A^T and X = B^T x B, the
// transformed gradient of the output and the transformed input, dU += Y X^T and dX = U^T Y for each product, and
// dx = B dX B^T, which adds up where tiles overlap. So Y serves all of them. dW = G^T dU G is computed once for any
// number of calls. Layout as in the files of convolutionWinograd7 and of images; error as there.
//
// Y is [output][column][4 images], X [image][4 inputs], so that dU needs no sums over lanes: its tile of 4 outputs x 2
// vectors of inputs splats outputs' gradients, 8 accumulators, 2 vectors and a splat of V8's 15. Where there is only one
// vector of inputs, a tile takes two images at a time, with accumulators of their own.

import { addTaps, TAPS_BYTES } from "./convolution-winograd-filters";
import { multiplyMatrix } from "./convolution-winograd-product";
import { matrixBytes } from "./convolution-winograd-tiles";
import {
  BLOCK_TILES, FILTER_BYTES, HALF_BYTES, HALF_ROW, PRODUCTS, TILE, tileOffset, transformInput,
} from "./convolution-winograd7";
import {
  inputGradientTransform, outputGradientTransform, SIDE, weightGradientTransform,
} from "./convolution-winograd7-transforms";
import { borderBytes, planeBytes, rowBytes } from "./image";
import { horizontalSum, madd, turnBlock } from "./simd";

// The product at the point 1 in both directions: with A it is the sum over a tile.
const SUMS: usize = 2 * SIDE + 2;
// Transformed tiles of 4 channels before they are turned, each with a cache line of padding.
const TURNED_BYTES: usize = (PRODUCTS << 4) + 64;

/** Bytes of the sums that convolutionWinograd7Gradients adds to, with room to transform them back. */
export function convolutionWinograd7SumBytes(outputs: usize, inputs: usize): usize {
  return PRODUCTS * matrixBytes((outputs + 3) & ~3, (inputs + 3) >> 2) + FILTER_BYTES;
}

/** Bytes of scratch memory that convolutionWinograd7Gradients needs. */
export function convolutionWinograd7GradientsScratch(outputs: usize, inputs: usize): usize {
  const columns = BLOCK_TILES << 1;
  return HALF_BYTES + 4 * TURNED_BYTES +
    PRODUCTS * (matrixBytes((outputs + 3) & ~3, columns) + matrixBytes((inputs + 3) & ~3, columns));
}

/**
 * total += the weight gradient in the Winograd domain, [product][output][input]; convolutionWinograd7WeightGradientEnd
 * adds it to the weights' gradient; fresh: total holds nothing yet. dBias += the biases' gradient, where total is wanted. dx = the input's gradient;
 * rectified: dx is 0 where x is not positive; accumulate: dx is added to. total, dx: 0 where it is not wanted. weights:
 * prepared with outputs and inputs exchanged. Other arguments as for convolutionWinograd7.
 */
export function convolutionWinograd7Gradients(
  weights: usize, dy: usize, dyGroupStride: usize, x: usize, xGroupStride: usize,
  total: usize, fresh: bool, dBias: usize, dx: usize, dxGroupStride: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize,
  rectified: bool, accumulate: bool, scratch: usize,
): void {
  const quads = (inputs + 3) >> 2, rows = (outputs + 3) & ~3;
  const weightMatrix = matrixBytes(quads, outputs), totalMatrix = matrixBytes(rows, quads);
  const row = rowBytes(width), plane = planeBytes(height, width), origin = borderBytes(width);
  const xg = xGroupStride << 2, dxg = dxGroupStride << 2, dyg = dyGroupStride << 2;
  const down = height / TILE, across = width / TILE, tiles = down * across, all = tiles * (groups >> 1);
  const half = scratch, turned = half + HALF_BYTES, m = turned + 4 * TURNED_BYTES;
  for (let first: usize = 0; first < all; first += BLOCK_TILES) {
    const count = min(BLOCK_TILES, all - first), columns = count << 1, line = columns << 4;
    const yMatrix = matrixBytes(rows, columns), xMatrix = matrixBytes(quads << 2, columns);
    // X, and product by product dX in its place.
    const v = m + PRODUCTS * yMatrix;
    for (let o: usize = 0, to = m; o < outputs; o++) {
      for (let t: usize = 0; t < count; t++, to += 32) {
        const from = dy + o * plane + tileOffset(first + t, tiles, across, dyg, row) + origin;
        transformOutputGradient(from, row, to, yMatrix, half);
        transformOutputGradient(from + dyg, row, to + 16, yMatrix, half);
      }
    }
    if (total != 0) {
      addBiasGradient(m + SUMS * yMatrix, line, dBias, outputs);
      for (let t: usize = 0; t < count; t++) {
        const from = x + tileOffset(first + t, tiles, across, xg, row), to = v + t * quads * 128;
        turnInputs(from, plane, row, inputs, to, xMatrix, turned, half);
        turnInputs(from + xg, plane, row, inputs, to + (quads << 6), xMatrix, turned, half);
      }
    }
    for (let p: usize = 0; p < PRODUCTS; p++) {
      const y = m + p * yMatrix, xOrDx = v + p * xMatrix;
      if (total != 0) addProduct(y, xOrDx, total + p * totalMatrix, fresh && first == 0, rows, quads, line);
      if (dx != 0) multiplyMatrix(weights + p * weightMatrix, y, xOrDx, quads, outputs, line);
    }
    if (dx == 0) continue;
    for (let k: usize = 0, from = v; k < inputs; k++) {
      for (let t: usize = 0; t < count; t++, from += 32) {
        const tile = (first + t) % tiles, column = tile % across;
        const above = tile >= across, below = tile + across < tiles;
        const before = column > 0, after = column + 1 < across;
        const to = dx + k * plane + tileOffset(first + t, tiles, across, dxg, row);
        const mask = x + k * plane + tileOffset(first + t, tiles, across, xg, row) - to, second = mask + xg - dxg;
        transformInputGradient(
          from, xMatrix, to, row, rectified, mask, accumulate, above, below, before, after, half,
        );
        transformInputGradient(
          from + 16, xMatrix, to + dxg, row, rectified, second, accumulate, above, below, before, after, half,
        );
      }
    }
  }
}

// A dy A^T of one tile; from: its first pixel.
function transformOutputGradient(from: usize, row: usize, to: usize, matrix: usize, half: usize): void {
  for (let c: usize = 0; c < TILE << 4; c += 16) outputGradientTransform(from + c, row, half + c, HALF_ROW);
  for (const end = half + HALF_BYTES; half < end; half += HALF_ROW, to += matrix * SIDE) {
    outputGradientTransform(half, 16, to, matrix);
  }
}

// B P B^T of one tile; to: the pixel up left of it. above, below, before, after: there are tiles on that side. The tiles
// above and before have been written, so that this one adds to their last two rows and columns.
function transformInputGradient(
  from: usize, matrix: usize, to: usize, row: usize, masked: bool, toMask: usize, accumulate: bool,
  above: bool, below: bool, before: bool, after: bool, half: usize,
): void {
  for (let j: usize = 0; j < HALF_ROW; j += 16, from += matrix) {
    inputGradientTransform(from, matrix * SIDE, half + j, HALF_ROW, false, false, 0, false, false, above, below);
  }
  for (let r: usize = above ? 0 : 1, rows: usize = below ? SIDE : SIDE - 1; r < rows; r++) {
    const add = accumulate || (above && r < 2);
    inputGradientTransform(half + r * HALF_ROW, 16, to + r * row, 16, true, masked, toMask, add, before, before, after);
  }
}

// dBias[o] += the sum of row o.
function addBiasGradient(y: usize, line: usize, dBias: usize, outputs: usize): void {
  for (const end = dBias + (outputs << 2); dBias < end; dBias += 4, y += line) {
    let sum = v128.load(y);
    for (let c: usize = 16; c < line; c += 16) sum = f32x4.add(sum, v128.load(y + c));
    store<f32>(dBias, load<f32>(dBias) + horizontalSum(sum));
  }
}

// B^T x B of a tile of all channels of one group, [product][image][input].
function turnInputs(
  from: usize, plane: usize, row: usize, inputs: usize, to: usize, matrix: usize, turned: usize, half: usize,
): void {
  const image = ((inputs + 3) >> 2) << 4;
  for (let k: usize = 0; k < inputs; k += 4, to += 16) {
    // Where channels are missing, those of before take their place, and what comes of them is not used.
    const some = min<usize>(4, inputs - k);
    for (let lane: usize = 0; lane < some; lane++, from += plane) {
      transformInput(from, row, turned + lane * TURNED_BYTES, 16, half);
    }
    for (let p: usize = 0; p < PRODUCTS; p++) turnBlock(turned + (p << 4), TURNED_BYTES, to + p * matrix, image);
  }
}

// dU += Y X^T for one product: rows of `line` bytes, one number an image, times `quads` vectors an image.
function addProduct(
  y: usize, x: usize, du: usize, fresh: bool, rows: usize, quads: usize, line: usize,
): void {
  const image = quads << 4;
  for (let o: usize = 0; o < rows; o += 4) {
    const from = y + o * line, to = du + o * image;
    let k: usize = 0;
    for (; k + 32 <= image; k += 32) addTile(from, line, x + k, image, to + k, fresh);
    if (k < image) addNarrowTile(from, line, x + k, image, to + k, fresh);
  }
}

// @ts-ignore: decorator
@inline
function addTile(y: usize, line: usize, x: usize, image: usize, du: usize, fresh: bool): void {
  const du1 = du + image, du2 = du1 + image, du3 = du2 + image;
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  if (!fresh) {
    a0 = v128.load(du); a1 = v128.load(du, 16); b0 = v128.load(du1); b1 = v128.load(du1, 16);
    c0 = v128.load(du2); c1 = v128.load(du2, 16); d0 = v128.load(du3); d1 = v128.load(du3, 16);
  }
  let y1 = y + line, y2 = y1 + line, y3 = y2 + line;
  for (const end = y + line; y < end; y += 4, y1 += 4, y2 += 4, y3 += 4, x += image) {
    const x0 = v128.load(x), x1 = v128.load(x, 16);
    const ya = v128.load32_splat(y);
    a0 = madd(ya, x0, a0); a1 = madd(ya, x1, a1);
    const yb = v128.load32_splat(y1);
    b0 = madd(yb, x0, b0); b1 = madd(yb, x1, b1);
    const yc = v128.load32_splat(y2);
    c0 = madd(yc, x0, c0); c1 = madd(yc, x1, c1);
    const yd = v128.load32_splat(y3);
    d0 = madd(yd, x0, d0); d1 = madd(yd, x1, d1);
  }
  v128.store(du, a0); v128.store(du, a1, 16);
  v128.store(du1, b0); v128.store(du1, b1, 16);
  v128.store(du2, c0); v128.store(du2, c1, 16);
  v128.store(du3, d0); v128.store(du3, d1, 16);
}

// Of 4 outputs and 1 vector, two images at a time.
// @ts-ignore: decorator
@inline
function addNarrowTile(y: usize, line: usize, x: usize, image: usize, du: usize, fresh: bool): void {
  const du1 = du + image, du2 = du1 + image, du3 = du2 + image;
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  if (!fresh) { a0 = v128.load(du); b0 = v128.load(du1); c0 = v128.load(du2); d0 = v128.load(du3); }
  let y1 = y + line, y2 = y1 + line, y3 = y2 + line;
  for (const end = y + line; y < end; y += 8, y1 += 8, y2 += 8, y3 += 8, x += image << 1) {
    const x0 = v128.load(x), x1 = v128.load(x + image);
    a0 = madd(v128.load32_splat(y), x0, a0); a1 = madd(v128.load32_splat(y, 4), x1, a1);
    b0 = madd(v128.load32_splat(y1), x0, b0); b1 = madd(v128.load32_splat(y1, 4), x1, b1);
    c0 = madd(v128.load32_splat(y2), x0, c0); c1 = madd(v128.load32_splat(y2, 4), x1, c1);
    d0 = madd(v128.load32_splat(y3), x0, d0); d1 = madd(v128.load32_splat(y3, 4), x1, d1);
  }
  v128.store(du, f32x4.add(a0, a1)); v128.store(du1, f32x4.add(b0, b1));
  v128.store(du2, f32x4.add(c0, c1)); v128.store(du3, f32x4.add(d0, d1));
}

/** dWeight += G^T total G, four inputs at a time. */
export function convolutionWinograd7WeightGradientEnd(
  total: usize, dWeight: usize, outputs: usize, inputs: usize,
): void {
  const quads = (inputs + 3) >> 2, matrix = matrixBytes((outputs + 3) & ~3, quads);
  const taps = total + PRODUCTS * matrix, half = taps + TAPS_BYTES;
  for (let o: usize = 0; o < outputs; o++) {
    for (let k: usize = 0; k < inputs; k += 4) {
      const from = total + ((o * quads) << 4) + (k << 2);
      for (let j: usize = 0; j < SIDE; j++) {
        weightGradientTransform(from + j * matrix, matrix * SIDE, half + (j << 4), HALF_ROW);
      }
      for (let r: usize = 0; r < 3; r++) weightGradientTransform(half + r * HALF_ROW, 16, taps + r * 48, 16);
      addTaps(taps, dWeight + (o * inputs + k) * 36, min<usize>(4, inputs - k));
    }
  }
}

// Weight gradient of the 3x3 convolution in the Winograd domain: dW = G^T [sum over tiles and samples of
// (A dy A^T) . (B^T x B)] G, transformed back once for any number of calls; error as for the convolution. Layout as in
// the files of tiles and of images.
//
// Blocks of tiles of several pairs of groups form the columns of the matrices that are multiplied. Register budget
// (V8 keeps 15 vectors): a tile is 2 outputs by 4 inputs, so that its sums are neighbours: 8 accumulators and 6
// vectors. A block is summed in float32 before its sum is added.

import { addTaps, TAPS_BYTES } from "./convolution-winograd-filters";
import {
  BLOCK_ACROSS, FILTER_BYTES, foursAmong, foursOf, matrixBytes, PRODUCTS, TEMPORARY_BYTES, tilesLength, tilesOf,
  transformGradientTiles, transformInputTiles,
} from "./convolution-winograd-tiles";
import { weightGradientTransform } from "./convolution-winograd-transforms";
import { borderBytes, planeBytes, rowBytes } from "./image";
import { addVector, madd, sums } from "./simd";

// Columns of the matrices, and the bytes that both operands together should stay below to remain in the cache.
const MOST_COLUMNS: usize = 32;
const CACHE_BYTES: usize = 720 * 1024;

// @ts-ignore: decorator
@inline
function blockColumns(outputs: usize, inputs: usize): usize {
  const fit = CACHE_BYTES / (((outputs + inputs) << 4) * PRODUCTS);
  return fit >= MOST_COLUMNS ? MOST_COLUMNS : max<usize>(fit & ~7, 8);
}

// @ts-ignore: decorator
@inline
function gradientMatrixBytes(outputs: usize, inputs: usize): usize {
  return ((outputs * inputs) << 2) + 64;
}

/** Bytes of the sums that convolutionWinogradWeightGradient adds to, from zero, with room to transform them back. */
export function convolutionWinogradSumBytes(outputs: usize, inputs: usize): usize {
  return PRODUCTS * gradientMatrixBytes((outputs + 1) & ~1, (inputs + 3) & ~3) + FILTER_BYTES;
}

/** Bytes of scratch memory that convolutionWinogradWeightGradient needs. */
export function convolutionWinogradWeightGradientScratch(outputs: usize, inputs: usize): usize {
  const columns = blockColumns(outputs, inputs);
  const rows = (outputs + 1) & ~1, quads = (inputs + 3) & ~3;
  return TEMPORARY_BYTES + PRODUCTS * (matrixBytes(rows, columns) + matrixBytes(quads, columns));
}

/**
 * total += the weight gradient in the Winograd domain, [product][output][input]; convolutionWinogradWeightGradientEnd
 * adds them to the weights' gradient. Other arguments as convolutionDirectWeightGradient.
 */
export function convolutionWinogradWeightGradient(
  dy: usize, dyGroupStride: usize, x: usize, xGroupStride: usize, total: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize, scratch: usize,
): void {
  // Rows that fill up whole tiles hold anything, and what comes of them is not used.
  const rows = (outputs + 1) & ~1, quads = (inputs + 3) & ~3, most = blockColumns(outputs, inputs);
  const temporary = scratch, v = temporary + TEMPORARY_BYTES, m = v + PRODUCTS * matrixBytes(quads, most);

  const row = rowBytes(width), plane = planeBytes(height, width), origin = borderBytes(width);
  const xg = xGroupStride << 2, dyg = dyGroupStride << 2;
  const tilesDown = tilesOf(height), tilesAcross = tilesOf(width);
  const foursDown = foursOf(height), foursAcross = foursOf(width);
  const blockAcross = min(tilesAcross, min(most >> 1, BLOCK_ACROSS));
  const blockDown = min(tilesDown, (most >> 1) / blockAcross);
  const blockGroups = ((most >> 1) / (blockAcross * blockDown)) << 1;
  for (let first: usize = 0; first < groups; first += blockGroups) {
    const pairs = min(blockGroups, groups - first) >> 1;
    for (let top: usize = 0; top < tilesDown; top += blockDown) {
      const down = min(blockDown, tilesDown - top), downFours = foursAmong(top, down, foursDown);
      for (let left: usize = 0; left < tilesAcross; left += blockAcross) {
        const across = min(blockAcross, tilesAcross - left), fours = foursAmong(left, across, foursAcross);
        const columns = (pairs * down * across) << 1;
        const vMatrix = matrixBytes(quads, columns), mMatrix = matrixBytes(rows, columns);
        const column = tilesLength(left, foursAcross);
        for (let p: usize = 0; p < pairs; p++) {
          for (let i: usize = 0; i < down; i++) {
            const corner = tilesLength(top + i, foursDown) * row + (column << 4), four = i < downFours;
            for (let k: usize = 0; k < inputs; k++) {
              const from = x + (first + (p << 1)) * xg + k * plane + corner;
              const line = (k * pairs + p) * down + i, lineOfFours = (k * pairs + p) * downFours + i;
              transformInputTiles(from, row, four, across, fours, v, line, lineOfFours, vMatrix, temporary);
              transformInputTiles(from + xg, row, four, across, fours, v + 16, line, lineOfFours, vMatrix, temporary);
            }
            for (let o: usize = 0; o < outputs; o++) {
              const from = dy + (first + (p << 1)) * dyg + o * plane + corner + origin, second = from + dyg;
              const line = (o * pairs + p) * down + i, lineOfFours = (o * pairs + p) * downFours + i;
              transformGradientTiles(from, row, four, across, fours, m, line, lineOfFours, mMatrix, temporary);
              transformGradientTiles(second, row, four, across, fours, m + 16, line, lineOfFours, mMatrix, temporary);
            }
          }
        }
        multiply(
          m, mMatrix, v, vMatrix, total, gradientMatrixBytes(rows, quads), rows, quads,
          pairs * down, pairs * downFours, across, fours,
        );
      }
    }
  }
}

// dU += M V^T for each product, summed along the columns that the product has, and their lanes.
function multiply(
  m: usize, mMatrix: usize, v: usize, vMatrix: usize, du: usize, duMatrix: usize, rows: usize, quads: usize,
  down: usize, downFours: usize, across: usize, fours: usize,
): void {
  const line = quads << 2;
  for (let i: usize = 0; i < 6; i++) {
    for (let j: usize = 0; j < 6; j++) {
      const bytes = ((i < 5 ? down : downFours) * (j < 5 ? across : fours)) << 5;
      if (bytes != 0) {
        let to = du;
        for (let o: usize = 0; o < rows; o += 2, to += line) {
          const from = m + o * bytes;
          for (let k: usize = 0; k < quads; k += 4, to += 16) tile2x4(from, v + k * bytes, to, line, bytes);
        }
      }
      m += mMatrix; v += vMatrix; du += duMatrix;
    }
  }
}

// @ts-ignore: decorator
@inline
function tile2x4(m: usize, v: usize, to: usize, line: usize, bytes: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  const m1 = m + bytes, v1 = v + bytes, v2 = v1 + bytes, v3 = v2 + bytes;
  for (let i: usize = 0; i < bytes; i += 16) {
    const ma = v128.load(m + i), mb = v128.load(m1 + i);
    const x0 = v128.load(v + i);
    a0 = madd(ma, x0, a0); b0 = madd(mb, x0, b0);
    const x1 = v128.load(v1 + i);
    a1 = madd(ma, x1, a1); b1 = madd(mb, x1, b1);
    const x2 = v128.load(v2 + i);
    a2 = madd(ma, x2, a2); b2 = madd(mb, x2, b2);
    const x3 = v128.load(v3 + i);
    a3 = madd(ma, x3, a3); b3 = madd(mb, x3, b3);
  }
  addVector(to, sums(a0, a1, a2, a3));
  addVector(to + line, sums(b0, b1, b2, b3));
}

/** dWeight += G^T total G, four inputs at a time. */
export function convolutionWinogradWeightGradientEnd(
  total: usize, dWeight: usize, outputs: usize, inputs: usize,
): void {
  const quads = (inputs + 3) & ~3, line = quads << 2, matrix = gradientMatrixBytes((outputs + 1) & ~1, quads);
  const taps = total + PRODUCTS * matrix, halfway = taps + TAPS_BYTES;
  for (let o: usize = 0; o < outputs; o++) {
    for (let k: usize = 0; k < inputs; k += 4) {
      const from = total + o * line + (k << 2);
      for (let j: usize = 0; j < 6; j++) {
        weightGradientTransform(from + j * matrix, matrix * 6, halfway + (j << 4), 96);
      }
      for (let r: usize = 0; r < 3; r++) weightGradientTransform(halfway + r * 96, 16, taps + r * 48, 16);
      addTaps(taps, dWeight + (o * inputs + k) * 36, min<usize>(4, inputs - k));
    }
  }
}

// 3x3 convolution with padding 1 by Winograd's F(4x4,3x3), a quarter of the multiplications. Transforms and the layout
// of their values are described in the files of transforms and tiles; layout of images as in image.ts.
//
// For each block of tiles: transform the input, multiply by the transformed weights (36 matrix products), transform
// the products back.
//
// On random data of up to 70 channels the error against double precision is below 3e-6 of the largest value (1e-6 for
// the direct kernel).

import { gatherTaps, TAPS_BYTES } from "./convolution-winograd-filters";
import { multiplyMatrix } from "./convolution-winograd-product";
import {
  BLOCK_ACROSS, FILTER_BYTES, foursAmong, foursOf, matrixBytes, PRODUCTS, ROW_BYTES, TEMPORARY_BYTES, tilesLength,
  tilesOf, transformInputTiles,
} from "./convolution-winograd-tiles";
import { A, A2, A3, B, B2, B3, outputTransform, weightTransform } from "./convolution-winograd-transforms";
import { borderBytes, planeBytes, rowBytes } from "./image";
import { madd } from "./simd";

const BLOCK_TILES: usize = 8;
const BLOCK_COLUMNS: usize = BLOCK_TILES * 2;

/** Bytes of the weights as convolutionWinograd wants them: 36 matrices, room to prepare a filter, the biases. */
export function convolutionWinogradWeightBytes(outputs: usize, inputs: usize): usize {
  return PRODUCTS * matrixBytes((outputs + 3) >> 2, inputs) + FILTER_BYTES + (outputs << 2);
}

/** Bytes of scratch memory that convolutionWinograd needs. */
export function convolutionWinogradScratch(outputs: usize, inputs: usize): usize {
  const padded = (outputs + 3) & ~3;
  return TEMPORARY_BYTES + PRODUCTS * (matrixBytes(inputs, BLOCK_COLUMNS) + matrixBytes(padded, BLOCK_COLUMNS));
}

/**
 * Prepares weights and biases for convolutionWinograd, as convolutionDirectWeights does for its own: U = G w G^T for
 * four outputs at a time, [product][4 outputs][input][4], zero where there is no output.
 */
export function convolutionWinogradWeights(
  weight: usize, bias: usize, prepared: usize, outputs: usize, inputs: usize, transposed: bool,
): void {
  const matrix = matrixBytes((outputs + 3) >> 2, inputs);
  const taps = prepared + PRODUCTS * matrix, halfway = taps + TAPS_BYTES, biases = taps + FILTER_BYTES;
  if (bias != 0) memory.copy(biases, bias, outputs << 2);
  else memory.fill(biases, 0, outputs << 2);
  for (let o: usize = 0; o < outputs; o += 4) {
    for (let k: usize = 0; k < inputs; k++) {
      const filter = weight + (transposed ? k * outputs + o : o * inputs + k) * 36;
      gatherTaps(filter, transposed ? 36 : inputs * 36, min<usize>(4, outputs - o), taps, transposed);
      for (let c: usize = 0; c < 48; c += 16) weightTransform(taps + c, 48, halfway + c, 48);
      const to = prepared + ((o * inputs) << 2) + (k << 4);
      for (let i: usize = 0; i < 6; i++) weightTransform(halfway + i * 48, 16, to + i * matrix * 6, matrix);
    }
  }
}

/** convolutionDirect by Winograd's method: the same arguments, other rounding. */
export function convolutionWinograd(
  weights: usize, x: usize, xGroupStride: usize, y: usize, yGroupStride: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize,
  rectify: bool, mask: usize, accumulate: bool, scratch: usize,
): void {
  const quads = (outputs + 3) >> 2, weightMatrix = matrixBytes(quads, inputs);
  const biases = weights + PRODUCTS * weightMatrix + FILTER_BYTES;
  const temporary = scratch, v = temporary + TEMPORARY_BYTES, m = v + PRODUCTS * matrixBytes(inputs, BLOCK_COLUMNS);

  const row = rowBytes(width), plane = planeBytes(height, width), origin = borderBytes(width);
  const xg = xGroupStride << 2, yg = yGroupStride << 2;
  const tilesDown = tilesOf(height), tilesAcross = tilesOf(width);
  const foursDown = foursOf(height), foursAcross = foursOf(width);
  const blockAcross = min(tilesAcross, BLOCK_ACROSS), blockDown = min(tilesDown, BLOCK_TILES / blockAcross);
  for (let g: usize = 0; g < groups; g += 2) {
    for (let top: usize = 0; top < tilesDown; top += blockDown) {
      const down = min(blockDown, tilesDown - top), downFours = foursAmong(top, down, foursDown);
      for (let left: usize = 0; left < tilesAcross; left += blockAcross) {
        const across = min(blockAcross, tilesAcross - left), fours = foursAmong(left, across, foursAcross);
        const columns = (down * across) << 1;
        const xMatrix = matrixBytes(inputs, columns), yMatrix = matrixBytes(quads << 2, columns);
        const column = tilesLength(left, foursAcross);
        for (let k: usize = 0; k < inputs; k++) {
          for (let i: usize = 0; i < down; i++) {
            const from = x + g * xg + k * plane + tilesLength(top + i, foursDown) * row + (column << 4);
            const line = k * down + i, lineOfFours = k * downFours + i, four = i < downFours;
            transformInputTiles(from, row, four, across, fours, v, line, lineOfFours, xMatrix, temporary);
            transformInputTiles(from + xg, row, four, across, fours, v + 16, line, lineOfFours, xMatrix, temporary);
          }
        }
        multiply(weights, weightMatrix, v, xMatrix, m, yMatrix, quads, inputs, down, downFours, across, fours);
        const pixels = min(width - column, tilesLength(left + across, foursAcross) - column);
        for (let o: usize = 0; o < outputs; o++) {
          const bias = load<f32>(biases + (o << 2));
          for (let i: usize = 0; i < down; i++) {
            const first = tilesLength(top + i, foursDown), four = i < downFours;
            const rows = min<usize>(four ? 4 : 3, height - first);
            const line = o * down + i, lineOfFours = o * downFours + i;
            for (let h: usize = 0; h < 2; h++) {
              const at = (g + h) * yg + o * plane + first * row + (column << 4) + origin;
              transformOutputColumns(m + (h << 4), line, lineOfFours, yMatrix, four, across, fours, temporary);
              transformOutputRows(
                temporary, across, fours, y + at, row, rows, pixels,
                bias, rectify, mask != 0 ? mask + at : 0, accumulate,
              );
            }
          }
        }
      }
    }
  }
}

// M = U V for each product: quads of outputs by inputs, times inputs by the columns that the product has.
function multiply(
  u: usize, uMatrix: usize, v: usize, vMatrix: usize, m: usize, mMatrix: usize, quads: usize, inputs: usize,
  down: usize, downFours: usize, across: usize, fours: usize,
): void {
  for (let i: usize = 0; i < 6; i++) {
    for (let j: usize = 0; j < 6; j++) {
      const row = ((i < 5 ? down : downFours) * (j < 5 ? across : fours)) << 5;
      multiplyMatrix(u, v, m, quads, inputs, row);
      u += uMatrix; v += vMatrix; m += mMatrix;
    }
  }
}

// A^T down the columns of a row of tiles of one output and group; arguments as for transformInputTiles.
function transformOutputColumns(
  from: usize, line: usize, lineOfFours: usize, matrix: usize, four: bool, tiles: usize, fours: usize, temporary: usize,
): void {
  for (let j: usize = 0; j < 6; j++) {
    const count = j < 5 ? tiles : fours;
    let at = from + matrix * j + ((line * count) << 5), sixth = from + matrix * (j + 30) + ((lineOfFours * count) << 5);
    let to = temporary + (j << 4);
    if (four) {
      for (const end = to + count * 96; to < end; to += 96, at += 32, sixth += 32) {
        outputTransform(at, matrix * 6, sixth, to, ROW_BYTES, true);
      }
    } else {
      for (const end = to + count * 96; to < end; to += 96, at += 32) {
        outputTransform(at, matrix * 6, 0, to, ROW_BYTES, false);
      }
    }
  }
}

// Then A^T along the rows, and the rest: the first `pixels` of each row are stored.
function transformOutputRows(
  line: usize, tiles: usize, fours: usize, y: usize, row: usize, rows: usize, pixels: usize,
  bias: f32, rectify: bool, mask: usize, accumulate: bool,
): void {
  const least: f32 = rectify ? 0 : -Infinity, toMask = mask - y, masked = mask != 0;
  const cut = tilesLength(tiles, fours) - pixels;
  for (let r: usize = 0; r < rows; r++, y += row, line += ROW_BYTES) {
    let at = y, tile = line;
    for (const end = line + fours * 96; tile < end; tile += 96, at += 64) {
      outputRow(tile, at, 4, bias, least, masked, toMask, accumulate);
    }
    for (const end = line + (tiles - (cut != 0 ? 1 : 0)) * 96; tile < end; tile += 96, at += 48) {
      outputRow(tile, at, 3, bias, least, masked, toMask, accumulate);
    }
    if (cut == 1) outputRow(tile, at, 2, bias, least, masked, toMask, accumulate);
    else if (cut == 2) outputRow(tile, at, 1, bias, least, masked, toMask, accumulate);
  }
}

// One row of a tile, of which the first `some` pixels are in the image.
// @ts-ignore: decorator
@inline
function outputRow(
  from: usize, y: usize, some: usize, bias: f32, least: f32, masked: bool, toMask: usize, accumulate: bool,
): void {
  const m0 = v128.load(from), m1 = v128.load(from, 16), m2 = v128.load(from, 32);
  const m3 = v128.load(from, 48), m4 = v128.load(from, 64);
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2);
  const evenB = f32x4.add(m3, m4), oddB = f32x4.sub(m3, m4);
  const offset = f32x4.splat(bias), lowest = f32x4.splat(least);
  let y0 = f32x4.pmax(f32x4.add(f32x4.add(m0, offset), f32x4.add(evenA, evenB)), lowest);
  let y1 = f32x4.pmax(madd(f32x4.splat(B), oddB, madd(f32x4.splat(A), oddA, offset)), lowest);
  let y2 = f32x4.pmax(madd(f32x4.splat(B2), evenB, madd(f32x4.splat(A2), evenA, offset)), lowest);
  let y3 = lowest;
  if (some == 4) {
    const m5 = f32x4.add(v128.load(from, 80), offset);
    y3 = f32x4.pmax(madd(f32x4.splat(B3), oddB, madd(f32x4.splat(A3), oddA, m5)), lowest);
  }
  if (masked) {
    const mask = y + toMask, zero = f32x4.splat(0);
    y0 = v128.and(y0, f32x4.gt(v128.load(mask), zero));
    if (some > 1) y1 = v128.and(y1, f32x4.gt(v128.load(mask, 16), zero));
    if (some > 2) y2 = v128.and(y2, f32x4.gt(v128.load(mask, 32), zero));
    if (some > 3) y3 = v128.and(y3, f32x4.gt(v128.load(mask, 48), zero));
  }
  if (accumulate) {
    y0 = f32x4.add(y0, v128.load(y));
    if (some > 1) y1 = f32x4.add(y1, v128.load(y, 16));
    if (some > 2) y2 = f32x4.add(y2, v128.load(y, 32));
    if (some > 3) y3 = f32x4.add(y3, v128.load(y, 48));
  }
  v128.store(y, y0);
  if (some > 1) v128.store(y, y1, 16);
  if (some > 2) v128.store(y, y2, 32);
  if (some > 3) v128.store(y, y3, 48);
}

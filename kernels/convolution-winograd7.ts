// 3x3 convolution with padding 1 by Winograd's F(7x7,3x3), for images whose sides are multiples of 7: 81 products for
// 49 pixels, where tiles of 4 and 3 take 121. Layout of images as in image.ts.
//
// Tiles of consecutive pairs of groups are a block's columns, two vectors each. The transformed values are 81 matrices,
// one for each product (i, j), [channel][column][2 groups][4 images], each followed by a cache line of padding, so that
// a tile's values do not all fall into one cache set.
//
// For each block: transform the input, multiply by the transformed weights (81 matrix products), transform the products
// back; channel by channel, since the values of a block's tiles share cache lines.
//
// On random data of up to 70 channels the error against double precision is below 6e-5 of the largest value (3e-6 with
// tiles of 4 and 3).

import { gatherTaps, TAPS_BYTES } from "./convolution-winograd-filters";
import { multiplyMatrix } from "./convolution-winograd-product";
import { matrixBytes } from "./convolution-winograd-tiles";
import { inputTransform, outputTransform, SIDE, weightTransform } from "./convolution-winograd7-transforms";
import { borderBytes, planeBytes, rowBytes } from "./image";

/** Pixels along a side of a tile. */
export const TILE: usize = 7;
/** Products of a tile. */
export const PRODUCTS: usize = SIDE * SIDE;
/** Most tiles of a block, for a pair of groups each. */
export const BLOCK_TILES: usize = 4;
/** Bytes of a half transformed tile, and from row to row of it. */
export const HALF_ROW: usize = SIDE << 4;
export const HALF_BYTES: usize = SIDE * HALF_ROW;
/** Room for filters of 4 channels as they are, [9][4], and half transformed, [3][9][4]. */
export const FILTER_BYTES: usize = TAPS_BYTES + 3 * HALF_ROW;

/** Bytes of the weights as convolutionWinograd7 wants them: 81 matrices, room to prepare a filter, the biases. */
export function convolutionWinograd7WeightBytes(outputs: usize, inputs: usize): usize {
  return PRODUCTS * matrixBytes((outputs + 3) >> 2, inputs) + FILTER_BYTES + (outputs << 2);
}

/** Bytes of scratch memory that convolutionWinograd7 needs. */
export function convolutionWinograd7Scratch(outputs: usize, inputs: usize): usize {
  const columns = BLOCK_TILES << 1, padded = (outputs + 3) & ~3;
  return HALF_BYTES + PRODUCTS * (matrixBytes(inputs, columns) + matrixBytes(padded, columns));
}

/**
 * Prepares weights and biases (0: none): U = G w G^T for four outputs at a time, [product][4 outputs][input][4], zero
 * where there is no output. exchanged: outputs and inputs in each other's place, for the gradient of the input.
 */
export function convolutionWinograd7Weights(
  weight: usize, bias: usize, prepared: usize, outputs: usize, inputs: usize, exchanged: bool,
): void {
  const matrix = matrixBytes((outputs + 3) >> 2, inputs);
  const taps = prepared + PRODUCTS * matrix, half = taps + TAPS_BYTES, biases = taps + FILTER_BYTES;
  if (bias != 0) memory.copy(biases, bias, outputs << 2);
  else memory.fill(biases, 0, outputs << 2);
  for (let o: usize = 0; o < outputs; o += 4) {
    for (let k: usize = 0; k < inputs; k++) {
      const filter = weight + (exchanged ? k * outputs + o : o * inputs + k) * 36;
      gatherTaps(filter, exchanged ? 36 : inputs * 36, min<usize>(4, outputs - o), taps, false);
      for (let r: usize = 0; r < 3; r++) weightTransform(taps + r * 48, 16, half + r * HALF_ROW, 16);
      let to = prepared + ((o * inputs) << 2) + (k << 4);
      for (let j: usize = 0; j < HALF_ROW; j += 16, to += matrix) {
        weightTransform(half + j, HALF_ROW, to, matrix * SIDE);
      }
    }
  }
}

/** Bytes from the first pixel of an image tensor to that of the tile of a pair of groups, given the tile's number. */
// @ts-ignore: decorator
@inline
export function tileOffset(number: usize, tiles: usize, across: usize, group: usize, row: usize): usize {
  const tile = number % tiles;
  return (number / tiles << 1) * group + tile / across * TILE * row + (tile % across * TILE << 4);
}

/** B^T x B of one tile of one channel and group; from: the pixel up left of the tile; to: its first product. */
export function transformInput(from: usize, row: usize, to: usize, matrix: usize, half: usize): void {
  for (let c: usize = 0; c < HALF_ROW; c += 16) inputTransform(from + c, row, half + c, HALF_ROW);
  for (const end = half + HALF_BYTES; half < end; half += HALF_ROW, to += matrix * SIDE) {
    inputTransform(half, 16, to, matrix);
  }
}

// A^T M A of one tile; to: its first pixel.
function transformOutput(
  from: usize, matrix: usize, to: usize, row: usize, bias: f32, least: f32, half: usize,
): void {
  const offset = f32x4.splat(bias), lowest = f32x4.splat(least);
  for (let j: usize = 0; j < HALF_ROW; j += 16, from += matrix) {
    outputTransform(from, matrix * SIDE, half + j, HALF_ROW, false, offset, lowest);
  }
  for (const end = half + TILE * HALF_ROW; half < end; half += HALF_ROW, to += row) {
    outputTransform(half, 16, to, 16, true, offset, lowest);
  }
}

/** convolutionDirect by Winograd's method, on images whose sides are multiples of 7, without mask and accumulate. */
export function convolutionWinograd7(
  weights: usize, x: usize, xGroupStride: usize, y: usize, yGroupStride: usize,
  outputs: usize, inputs: usize, groups: usize, height: usize, width: usize, rectify: bool, scratch: usize,
): void {
  const quads = (outputs + 3) >> 2, weightMatrix = matrixBytes(quads, inputs);
  const biases = weights + PRODUCTS * weightMatrix + FILTER_BYTES, least: f32 = rectify ? 0 : -Infinity;
  const row = rowBytes(width), plane = planeBytes(height, width), origin = borderBytes(width);
  const xg = xGroupStride << 2, yg = yGroupStride << 2;
  const across = width / TILE, tiles = height / TILE * across, all = tiles * (groups >> 1);
  const half = scratch, v = half + HALF_BYTES;
  for (let first: usize = 0; first < all; first += BLOCK_TILES) {
    const count = min(BLOCK_TILES, all - first), columns = count << 1;
    const xMatrix = matrixBytes(inputs, columns), yMatrix = matrixBytes(quads << 2, columns);
    const m = v + PRODUCTS * xMatrix;
    for (let k: usize = 0, to = v; k < inputs; k++) {
      for (let t: usize = 0; t < count; t++, to += 32) {
        const from = x + k * plane + tileOffset(first + t, tiles, across, xg, row);
        transformInput(from, row, to, xMatrix, half);
        transformInput(from + xg, row, to + 16, xMatrix, half);
      }
    }
    for (let p: usize = 0; p < PRODUCTS; p++) {
      multiplyMatrix(weights + p * weightMatrix, v + p * xMatrix, m + p * yMatrix, quads, inputs, columns << 4);
    }
    for (let o: usize = 0, from = m; o < outputs; o++) {
      const bias = load<f32>(biases + (o << 2));
      for (let t: usize = 0; t < count; t++, from += 32) {
        const to = y + o * plane + tileOffset(first + t, tiles, across, yg, row) + origin;
        transformOutput(from, yMatrix, to, row, bias, least, half);
        transformOutput(from + 16, yMatrix, to + yg, row, bias, least, half);
      }
    }
  }
}

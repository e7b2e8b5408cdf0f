// What the Winograd convolution and its weight gradient share: how images are cut into tiles, and how the transformed
// values of a block of tiles lie in memory. Layout of images as in image.ts.
//
// A side is cut into tiles of 4 pixels first and of 3 pixels then (7 = 4 + 3, 14 = 4 + 4 + 3 + 3); only sides of 1, 2
// and 5 leave a tile that is cut off. A tile of 3 needs no products of index 5.
//
// A block is a rectangle of tiles of some pairs of groups. The transformed values are 36 matrices, one for each
// product (i, j), [channel][pair][row of tiles][tile][2 groups][4 images]; where i or j is 5 the tiles of 3 are left
// out. A matrix is followed by a cache line of padding, so that a tile's values do not all fall into one cache set.

import { coveredSide } from "./image";
import { inputTransform, outputGradientTransform } from "./convolution-winograd-transforms";

/** Products of a tile. */
export const PRODUCTS: usize = 36;
/** Most tiles of a block across. */
export const BLOCK_ACROSS: usize = 8;
/** Bytes from row to row of the half transformed values of a row of tiles, with padding. */
export const ROW_BYTES: usize = ((BLOCK_ACROSS * 6) << 4) + 64;
export const TEMPORARY_BYTES: usize = ROW_BYTES * 6;
/** Room for filters of 4 channels as they are, [9][4], and half transformed, [18][4]. */
export const FILTER_BYTES: usize = 432;

/** Bytes of a matrix of `rows` by `columns` vectors. */
// @ts-ignore: decorator
@inline
export function matrixBytes(rows: usize, columns: usize): usize {
  return ((rows * columns) << 4) + 64;
}

/** Tiles along a side. */
// @ts-ignore: decorator
@inline
export function tilesOf(side: usize): usize {
  return (side + 3) >> 2;
}

/** How many of a side's tiles are 4 pixels long. */
// @ts-ignore: decorator
@inline
export function foursOf(side: usize): usize {
  return coveredSide(side) - tilesOf(side) * 3;
}

/** Of `count` tiles from tile `first` on, how many are 4 pixels long. */
// @ts-ignore: decorator
@inline
export function foursAmong(first: usize, count: usize, fours: usize): usize {
  return fours > first ? min(fours - first, count) : 0;
}

/** The pixels that the first `count` tiles cover. */
// @ts-ignore: decorator
@inline
export function tilesLength(count: usize, fours: usize): usize {
  return count * 3 + min(count, fours);
}

/**
 * Transforms a row of input tiles of one channel and group. from: the pixel up left of the first tile; four: the tiles
 * are 4 pixels high; fours: of `tiles`, those that are 4 pixels wide. to: the first matrix, for this group; line: the
 * rows of tiles before this one in a matrix (channels, pairs, rows), lineOfFours: those of tiles 4 pixels high.
 */
export function transformInputTiles(
  from: usize, row: usize, four: bool, tiles: usize, fours: usize,
  to: usize, line: usize, lineOfFours: usize, matrix: usize, temporary: usize,
): void {
  const columns = (tilesLength(tiles, fours) + 2) << 4;
  const sixth = temporary + ROW_BYTES * 5;
  if (four) {
    for (let c: usize = 0; c < columns; c += 16) {
      inputTransform(from + c, row, temporary + c, ROW_BYTES, sixth + c, true);
    }
  } else {
    for (let c: usize = 0; c < columns; c += 16) {
      inputTransform(from + c, row, temporary + c, ROW_BYTES, 0, false);
    }
  }
  const rows: usize = four ? 6 : 5;
  for (let i: usize = 0; i < rows; i++) {
    let tile = temporary + i * ROW_BYTES;
    const before = i < 5 ? line : lineOfFours;
    let at = to + matrix * 6 * i + ((before * tiles) << 5), last = to + matrix * (i * 6 + 5) + ((before * fours) << 5);
    let t: usize = 0;
    for (; t < fours; t++, tile += 64, at += 32, last += 32) inputTransform(tile, 16, at, matrix, last, true);
    for (; t < tiles; t++, tile += 48, at += 32) inputTransform(tile, 16, at, matrix, 0, false);
  }
}

/** As transformInputTiles, for the gradient of the output; from: the first tile's first pixel. */
export function transformGradientTiles(
  from: usize, row: usize, four: bool, tiles: usize, fours: usize,
  to: usize, line: usize, lineOfFours: usize, matrix: usize, temporary: usize,
): void {
  const columns = tilesLength(tiles, fours) << 4;
  const sixth = temporary + ROW_BYTES * 5;
  if (four) {
    for (let c: usize = 0; c < columns; c += 16) {
      outputGradientTransform(from + c, row, temporary + c, ROW_BYTES, sixth + c, true);
    }
  } else {
    for (let c: usize = 0; c < columns; c += 16) {
      outputGradientTransform(from + c, row, temporary + c, ROW_BYTES, 0, false);
    }
  }
  const rows: usize = four ? 6 : 5;
  for (let i: usize = 0; i < rows; i++) {
    let tile = temporary + i * ROW_BYTES;
    const before = i < 5 ? line : lineOfFours;
    let at = to + matrix * 6 * i + ((before * tiles) << 5), last = to + matrix * (i * 6 + 5) + ((before * fours) << 5);
    let t: usize = 0;
    for (; t < fours; t++, tile += 64, at += 32, last += 32) outputGradientTransform(tile, 16, at, matrix, last, true);
    for (; t < tiles; t++, tile += 48, at += 32) outputGradientTransform(tile, 16, at, matrix, 0, false);
  }
}

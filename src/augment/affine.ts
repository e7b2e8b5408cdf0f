import type { ImageShape } from "../data/dataset.js";

/** A motion of an image's plane about its centre: it is enlarged, then turned, then shifted. */
export interface Motion {
  /** Shift in pixels, downwards and to the right. */
  readonly down: number;
  readonly right: number;
  /** Turn in radians, counter-clockwise as one sees the image. */
  readonly turn: number;
  readonly factor: number;
}

export const STANDSTILL: Motion = { down: 0, right: 0, turn: 0, factor: 1 };

/** Where the pixel (row, column) of a moved image is found in the original: matrix (row, column) + offset. */
export interface PixelMap {
  readonly matrix: readonly [readonly [number, number], readonly [number, number]];
  readonly offset: readonly [number, number];
}

/** The map that finds the pixels of an image moved so. */
export function pixelMap({ down, right, turn, factor }: Motion, { height, width }: ImageShape): PixelMap {
  const [cosine, sine] = [Math.cos(turn) / factor, Math.sin(turn) / factor];
  const [row, column] = [(height - 1) / 2, (width - 1) / 2];
  // The inverse of the turn: rows run downwards, so that (row, column) turns the other way round than (x, y).
  const matrix = [
    [cosine, sine],
    [-sine, cosine],
  ] as const;
  const [fromRow, fromColumn] = [row + down, column + right];
  return {
    matrix,
    offset: [
      row - matrix[0][0] * fromRow - matrix[0][1] * fromColumn,
      column - matrix[1][0] * fromRow - matrix[1][1] * fromColumn,
    ],
  };
}

/**
 * Resamples an image by bilinear interpolation: what `scipy.ndimage.affine_transform(image, matrix, offset, order=1,
 * mode="grid-constant", cval=0)` computes, with zeros around the image. The images lie in `from` and `to` from the places
 * given; rows are `padded.width` long and planes `padded.height` rows, and what lies beyond the image is left alone.
 */
export function resample(
  from: Float32Array,
  fromPlace: number,
  to: Float32Array,
  toPlace: number,
  { matrix, offset }: PixelMap,
  { channels, height, width }: ImageShape,
  padded: ImageShape,
): void {
  const stride = padded.width;
  const [[rowByRow, rowByColumn], [columnByRow, columnByColumn]] = matrix;
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * padded.height * stride;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const row = rowByRow * i + rowByColumn * j + offset[0];
        const column = columnByRow * i + columnByColumn * j + offset[1];
        const top = Math.floor(row);
        const left = Math.floor(column);
        let value = 0;
        if (top >= -1 && top < height && left >= -1 && left < width) {
          const [below, beside] = [row - top, column - left];
          const at = fromPlace + plane + top * stride + left;
          const [hasTop, hasBottom] = [top >= 0, top + 1 < height];
          if (left >= 0) {
            if (hasTop) value += (1 - below) * (1 - beside) * from[at];
            if (hasBottom) value += below * (1 - beside) * from[at + stride];
          }
          if (left + 1 < width) {
            if (hasTop) value += (1 - below) * beside * from[at + 1];
            if (hasBottom) value += below * beside * from[at + stride + 1];
          }
        }
        to[toPlace + plane + i * stride + j] = value;
      }
    }
  }
}

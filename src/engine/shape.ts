/** The shape of one sample: a vector has height and width 1. */
export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export const vector = (features: number): Shape => ({ channels: features, height: 1, width: 1 });

export const isVector = (shape: Shape): boolean => shape.height === 1 && shape.width === 1;

export const elements = (shape: Shape): number => shape.channels * shape.height * shape.width;

/** Rows or columns that the tiles of a convolution cover: 4 or 3 long, and no more than needed. */
const coveredSide = (side: number): number => Math.max(side, 3 * Math.ceil(side / 4));

/** Pixels from row to row of an image plane in memory: a pixel of border and what the tiles cover. */
const rowPixels = (width: number): number => coveredSide(width) + 1;

/** Pixels of an image plane in memory: a row of border and those that the tiles cover, in whole blocks of 4. */
export const planePixels = ({ height, width }: Pick<Shape, "height" | "width">): number =>
  4 * Math.ceil((rowPixels(width) * (coveredSide(height) + 1)) / 4);

/** Bytes of consecutive image planes of 4 samples each, with the border that follows the last. */
export const imageBytes = (shape: Pick<Shape, "height" | "width">, planes: number): number =>
  16 * (planes * planePixels(shape) + rowPixels(shape.width) + 1);

export const describeShape = (shape: Shape): string =>
  isVector(shape) ? `(${shape.channels})` : `(${shape.channels},${shape.height},${shape.width})`;

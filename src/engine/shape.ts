/** The shape of one sample: a vector has height and width 1. */
export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export const vector = (features: number): Shape => ({ channels: features, height: 1, width: 1 });

export const isVector = (shape: Shape): boolean => shape.height === 1 && shape.width === 1;

export const elements = (shape: Shape): number => shape.channels * shape.height * shape.width;

/** Rows or columns that an image plane takes in memory: whole tiles of 4, and a border of 1 on each side. */
export const paddedSide = (side: number): number => 4 * Math.ceil(side / 4) + 2;

export const describeShape = (shape: Shape): string =>
  isVector(shape) ? `(${shape.channels})` : `(${shape.channels},${shape.height},${shape.width})`;

/** Channels, height and width of every sample of an image data set. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** What is known about each sample: its class. */
export interface Condition {
  /** The column or source that the labels came from. */
  readonly name: string;
  /** Class names, in the order of the indices in `labels`; numeric names sort as numbers, others as text. */
  readonly classes: readonly string[];
  /** Class index of each sample. Shape [samples]. */
  readonly labels: Int32Array;
}

/** Samples in memory. Sample-major; images are flattened as [channel][row][column] with values in 0..1. */
export interface Dataset {
  /** The file or data name, as messages should quote it. */
  readonly name: string;
  /** Shape [samples][width]. */
  readonly features: Float32Array;
  readonly samples: number;
  readonly width: number;
  readonly featureNames: readonly string[];
  readonly image?: ImageShape;
  readonly condition?: Condition;
}

/**
 * A zeroed float32 array of `length` values that worker threads can share; over ordinary memory where
 * SharedArrayBuffer is not available (a page without cross-origin isolation).
 */
export function sharedFloat32(length: number): Float32Array {
  if (typeof SharedArrayBuffer === "undefined") return new Float32Array(length);
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** The names x1, x2 ... x`width` of columns that have none of their own. */
export function numberedNames(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `x${index + 1}`);
}

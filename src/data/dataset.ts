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

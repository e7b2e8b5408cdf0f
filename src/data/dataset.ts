import type { ConditionValues } from "./condition-values.js";

/** Channels, height and width of every sample of an image data set. */
export interface ImageShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * What is known about each sample: its class, for all or for some; the probability of every class; or a point, such as a
 * time, whose cells are then the classes.
 */
export interface Condition {
  /** The column or source that the labels came from; of several columns their names. */
  readonly name: string;
  /** Class names, in the order of the indices in `labels`; numeric names sort as numbers, others as text. */
  readonly classes: readonly string[];
  /**
   * Class index of each sample, or -1 where it is not known; of soft labels the most probable class, of points the nearest
   * cell. Shape [samples].
   */
  readonly labels: Int32Array;
  /** Soft labels: the probability of each class. Shape [samples][classes]. */
  readonly probabilities?: Float64Array;
  /** The condition as a point for each sample. */
  readonly values?: ConditionValues;
  /** How labels were split, where classes are parts of them. */
  readonly split?: LabelSplit;
}

/** How one label was split. */
export interface SplitLabel {
  readonly label: string;
  /** Names of its parts and how many samples each has, the largest first. */
  readonly parts: readonly { readonly name: string; readonly samples: number }[];
  /** What the division adds to the mean log-likelihood of a sample's clustered latents, in nats. */
  readonly gain: number;
}

/** How the labels of a data set were split into the classes of its condition. */
export interface LabelSplit {
  /** Latents in which samples were clustered. */
  readonly latents: readonly number[];
  readonly labels: readonly SplitLabel[];
}

/**
 * The conditions of some samples, as a model takes them: class indices, -1 where the class is not known; or rows of
 * numbers, which are the points of a model whose conditions are points, and probabilities of the classes to any other.
 */
export type SampleConditions = Int32Array | Float64Array;

/** The conditions of a data set's samples. */
export function conditionsOf({ values, probabilities, labels }: Condition): SampleConditions {
  return values?.rows ?? probabilities ?? labels;
}

/** A data set in a file of our own, from which training reads blocks of samples; see `files/sample-file.ts`. */
export interface SampleFile {
  readonly path: string;
  readonly samples: number;
  readonly width: number;
  /** For each class number in the file the index of the class. Shape [classes as read]. */
  readonly classOf: Int32Array;
  /** Samples of each class. Shape [classes]. */
  readonly counts: Int32Array;
  readonly statistics: ColumnStatistics;
  /** Of the whole; see `fingerprint`. */
  readonly fingerprint: string;
}

/** Where all samples of a data set are, of which only some are in memory. */
export interface StoredSamples {
  readonly file: SampleFile;
  /** How many samples were drawn to be in memory, by chance; there may be a few more, so that no class is absent. */
  readonly drawn: number;
  /** Which samples of the file those in memory are, in ascending order. */
  readonly positions: Int32Array;
  /** Samples that are read together. */
  readonly blockSamples: number;
  /** Blocks that are shuffled together. */
  readonly windowBlocks: number;
}

/** Mean, standard deviation and constancy of each column. All of length `width`. */
export interface ColumnStatistics {
  readonly mean: Float64Array;
  /** sqrt(sum (x - mean)^2 / samples): divided by the number of samples. */
  readonly sd: Float64Array;
  /** True where every sample has the same value, which is then the mean. */
  readonly constant: readonly boolean[];
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
  /** Present where these samples stand for more, chosen from all by chance. */
  readonly stored?: StoredSamples;
}

/** How many samples a data set has, whether all of them are in memory or not. */
export function sampleCount({ samples, stored }: Dataset): number {
  return stored?.file.samples ?? samples;
}

/**
 * A zeroed float32 array of `length` values that worker threads can share; over ordinary memory where
 * SharedArrayBuffer is not available (a page without cross-origin isolation).
 */
export function sharedFloat32(length: number): Float32Array {
  if (typeof SharedArrayBuffer === "undefined") return new Float32Array(length);
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}

/** The same of 32-bit integers. */
export function sharedInt32(length: number): Int32Array {
  return new Int32Array(sharedFloat32(length).buffer);
}

/** The names x1, x2 ... x`width` of columns that have none of their own. */
export function numberedNames(width: number): string[] {
  return Array.from({ length: width }, (_, index) => `x${index + 1}`);
}

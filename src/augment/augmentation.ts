import type { z } from "zod";
import type { ImageShape } from "../data/dataset.js";
import type { Random } from "../engine/random.js";
import type { Motion } from "./affine.js";

/** Images as rows of values: their shape, and that of the planes in which they lie at the upper left. */
export interface AugmentedImages {
  readonly kind: "image";
  readonly image: ImageShape;
  readonly padded: ImageShape;
}

/** Vectors as rows of values, column by column: value = (data - center) / scale; lists are as long as rows. */
export interface AugmentedVectors {
  readonly kind: "vector";
  readonly names: readonly string[];
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Standard deviation of each column of the data. */
  readonly deviation: readonly number[];
  /** Where rows have been multiplied by a symmetric matrix [column][column] on top: the matrix and its inverse. */
  readonly whitening?:
    | { readonly matrix: readonly number[]; readonly inverse: readonly number[] }
    | undefined;
}

/** What the values of a row are. */
export type AugmentedRows = AugmentedImages | AugmentedVectors;

/**
 * What an augmentation does to a member of a set. All of a member's moves are done before it is read, as one map, and
 * its values are changed afterwards.
 */
export type Change =
  /** Takes another row: the distance in rows from the sample, 0 for none. */
  | { readonly kind: "row"; readonly reach: number }
  | { readonly kind: "motion"; readonly draw: (random: Random) => Partial<Motion> }
  | ValueChange;

/** A change of a member's values, `size` of them from place `at` of `values`. */
export interface ValueChange {
  readonly kind: "values";
  /** Standard normal numbers that it takes, which are handed over from place `next` of `normals`. */
  readonly normals: number;
  /** Whether it draws other random numbers, too. */
  readonly draws: boolean;
  apply(
    values: Float32Array,
    at: number,
    size: number,
    normals: Float32Array,
    next: number,
    random: Random | undefined,
  ): void;
}

/** A way to make other samples of a sample, one a file; S is what it is set to, as plain data. */
export interface Augmentation<S> {
  /** As in `--augment` and in files. */
  readonly name: string;
  /** How it is written, such as "translate=0.1". */
  readonly form: string;
  /** What it does, for the help. */
  readonly summary: string;
  readonly applies: readonly AugmentedRows["kind"][];
  /** Whether columns may be named, as in `noise:x1,x2=1`. */
  readonly takesColumns?: boolean;
  readonly settings: z.ZodType<S>;
  /** The settings in a text such as `0.1` or `0.8..1.25`; undefined where it is none. */
  parse(value: string, columns: readonly string[] | undefined): S | undefined;
  /** What it does to rows. Throws InputError where they do not suit the settings. */
  bind(settings: S, rows: AugmentedRows): Change;
}

/** Puts an augmentation into the form of the table of augmentations. */
export function defineAugmentation<S>(augmentation: Augmentation<S>): Augmentation<unknown> {
  // What is bound has been read by the augmentation's own `parse` or schema.
  return augmentation as unknown as Augmentation<unknown>;
}

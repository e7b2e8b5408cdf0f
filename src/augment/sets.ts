import { multiplyRows } from "../algebra/multiply-rows.js";
import type { Normals } from "../engine/normals.js";
import { Random } from "../engine/random.js";
import { type Motion, pixelMap, resample, STANDSTILL } from "./affine.js";
import type { AugmentedRows, Change, ValueChange } from "./augmentation.js";
import { type AugmentationSpec, bindAugmentations } from "./augmentations.js";

/** Samples that are to become sets. */
export interface Sources {
  /** [row][value]. */
  readonly data: Float32Array;
  /** The place of each row in the data set. */
  readonly positions: Int32Array;
  /** The rows that are samples, one a set. */
  readonly chosen: Int32Array;
}

/** Which of all sets that are ever made some are: fixes their random numbers. */
export interface SetNumbers {
  /** Such as the step of training. */
  readonly round: number;
  /** The place of the first of them within the round. */
  readonly first: number;
}

/** What turns samples into their sets. */
export interface SetSource {
  /** Members of a set. */
  readonly members: number;
  /** Writes the sets of samples, [set][member][value], to `target`, which is not kernel memory: that may grow meanwhile. */
  write(sources: Sources, numbers: SetNumbers, target: Float32Array): void;
}

/** Rows that sets may be made of beside the sample's own; in ascending order of their positions. */
export interface OtherRows {
  /** [row][value]. */
  readonly data: Float32Array;
  readonly positions: Int32Array;
}

/** Combinations of so many augmentations, without the empty one. */
export const combinations = (augmentations: number): number => 2 ** augmentations - 1;

/** Copies in a set where nothing is said: one of each combination, and at least 7. */
export const usualCopies = (augmentations: number): number => Math.max(7, combinations(augmentations));

/** The changes of a combination of augmentations, by kind. */
interface Combination {
  readonly reach: number | undefined;
  readonly motions: readonly (Change & { readonly kind: "motion" })[];
  readonly values: readonly ValueChange[];
  /** Whether it takes random numbers beside the normal ones. */
  readonly draws: boolean;
}

/** The seed and the purpose of random numbers, and how many sets a round has at most. */
export interface SetRandomness {
  readonly seed: number;
  readonly purpose: string;
  readonly perRound: number;
  readonly normals: Normals;
}

/**
 * The sets of samples under some augmentations: the sample itself and `copies` others, to which the non-empty
 * combinations of the augmentations are applied in turn, in the order of binary counting: of three the first alone, the
 * second, both, the third, and so on. Motions of an image are done as one, so that it is resampled once. Every member
 * has random numbers of its own, fixed by seed, purpose, the set's number and its place.
 */
export class AugmentedSets implements SetSource {
  readonly members: number;
  private readonly combinations: readonly Combination[];
  /** Normal numbers of a member at most. */
  private readonly normals: number;

  constructor(
    specs: readonly AugmentationSpec[],
    private readonly copies: number,
    private readonly rows: AugmentedRows,
    private readonly others: OtherRows,
    private readonly randomness: SetRandomness,
  ) {
    this.members = copies + 1;
    const changes = bindAugmentations(specs, rows);
    this.combinations = Array.from({ length: combinations(changes.length) }, (_, index) =>
      combine(changes.filter((_, bit) => (index + 1) & (1 << bit))),
    );
    this.normals = Math.max(...this.combinations.map(({ values }) => normalsOf(values)));
  }

  write({ data, positions, chosen }: Sources, { round, first }: SetNumbers, target: Float32Array): void {
    const { members, copies, combinations: all, normals } = this;
    const { seed, purpose, perRound } = this.randomness;
    const size = chosen.length === 0 ? 0 : target.length / (chosen.length * members);
    const numbers = this.randomness.normals(
      round,
      first * copies * normals,
      chosen.length * copies * normals,
    );
    for (let set = 0; set < chosen.length; set++) {
      const from = chosen[set] * size;
      const at = set * members * size;
      copy(data, from, target, at, size);
      for (let member = 1; member < members; member++) {
        const combination = all[(member - 1) % all.length];
        const place = set * copies + member - 1;
        const random = combination.draws
          ? new Random(seed, purpose, (round * perRound + first) * copies + place)
          : undefined;
        const to = at + member * size;
        this.place(combination, data, from, positions[chosen[set]], random, target, to, size);
        this.change(combination.values, target, to, size, numbers, place * normals, random);
      }
    }
  }

  /** Writes the sample, or its neighbour, moved. */
  private place(
    { reach, motions }: Combination,
    data: Float32Array,
    sample: number,
    position: number,
    random: Random | undefined,
    target: Float32Array,
    at: number,
    size: number,
  ): void {
    const neighbour = reach !== undefined && random ? this.neighbour(position, reach, random) : undefined;
    const [from, place] = neighbour === undefined ? [data, sample] : [this.others.data, neighbour * size];
    if (motions.length === 0 || !random || this.rows.kind !== "image") {
      copy(from, place, target, at, size);
      return;
    }
    const { image, padded } = this.rows;
    let motion: Motion = STANDSTILL;
    for (const each of motions) motion = { ...motion, ...each.draw(random) };
    if (image.height !== padded.height || image.width !== padded.width) target.fill(0, at, at + size);
    resample(from, place, target, at, pixelMap(motion, image), image, padded);
  }

  private change(
    changes: readonly ValueChange[],
    target: Float32Array,
    at: number,
    size: number,
    numbers: Float32Array,
    next: number,
    random: Random | undefined,
  ): void {
    if (changes.length === 0) return;
    const whitening = this.rows.kind === "vector" ? this.rows.whitening : undefined;
    // Columns have a meaning of their own only before they are mixed.
    if (whitening) multiplyRows(target.subarray(at, at + size), whitening.inverse);
    let taken = next;
    for (const change of changes) {
      change.apply(target, at, size, numbers, taken, random);
      taken += change.normals;
    }
    if (whitening) multiplyRows(target.subarray(at, at + size), whitening.matrix);
  }

  /** A row at most `reach` places away, all equally likely; undefined where there is none. */
  private neighbour(position: number, reach: number, random: Random): number | undefined {
    const { positions } = this.others;
    const from = firstFrom(positions, position - reach);
    const to = firstFrom(positions, position + reach + 1);
    return from === to ? undefined : from + random.integer(to - from);
  }
}

const normalsOf = (changes: readonly ValueChange[]) => changes.reduce((sum, { normals }) => sum + normals, 0);

function combine(changes: readonly Change[]): Combination {
  const reaches = changes.flatMap((change) => (change.kind === "row" ? [change.reach] : []));
  const motions = changes.filter((change) => change.kind === "motion");
  const values = changes.filter((change) => change.kind === "values");
  const draws = reaches.length + motions.length > 0 || values.some((change) => change.draws);
  return { reach: reaches[0], motions, values, draws };
}

/** Copies one row; a view costs more than copying a short one number by number. */
function copy(from: Float32Array, start: number, to: Float32Array, target: number, size: number): void {
  if (size > 64) to.set(from.subarray(start, start + size), target);
  else for (let i = 0; i < size; i++) to[target + i] = from[start + i];
}

/** The first place of an ascending list whose number is at least `least`. */
function firstFrom(ascending: Int32Array, least: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

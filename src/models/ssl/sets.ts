import type { AugmentedRows } from "../../augment/augmentation.js";
import type { AugmentationSpec } from "../../augment/augmentations.js";
import { AugmentedSets, type SetRandomness, type SetSource } from "../../augment/sets.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import type { LabelledSamples } from "../labelled-samples.js";
import {
  dataWidth,
  modelledWidth,
  type Preprocessing,
  preprocess,
  undoPreprocessing,
} from "../preprocessing.js";

/**
 * Makes the set of a sample, [member][value]: any number of members, the same for all samples, of which the sample
 * itself may be one. `index` is the sample's place in the data set; what is random is taken from `random`.
 */
export type AugmentFunction = (
  sample: Float32Array,
  about: { readonly index: number; readonly random: Random },
) => Float32Array;

/** How samples become sets; plain data but for a function, which no other thread can have. */
export type SetPlan =
  | {
      readonly kind: "augmentations";
      readonly specs: readonly AugmentationSpec[];
      readonly copies: number;
      readonly rows: AugmentedRows;
    }
  | {
      readonly kind: "function";
      readonly augment: AugmentFunction;
      readonly members: number;
      readonly preprocessing: Preprocessing;
    };

/** Preprocessed samples and their places in the data set, in ascending order. */
export interface PlacedSamples extends LabelledSamples {
  readonly positions: Int32Array;
}

/** Members of a set. */
export const membersOf = (plan: SetPlan): number =>
  plan.kind === "function" ? plan.members : plan.copies + 1;

/** The sets of samples; `others` are what neighbours are taken from. */
export function setSource(plan: SetPlan, others: PlacedSamples, randomness: SetRandomness): SetSource {
  if (plan.kind === "augmentations") {
    return new AugmentedSets(plan.specs, plan.copies, plan.rows, others, randomness);
  }
  const { augment, members, preprocessing } = plan;
  const { seed, purpose, perRound } = randomness;
  const [width, size] = [dataWidth(preprocessing), modelledWidth(preprocessing)];
  return {
    members,
    write({ data, positions, chosen }, { round, first }, target) {
      for (const [set, row] of chosen.entries()) {
        const random = new Random(seed, purpose, round * perRound + first + set);
        const values = undoPreprocessing(preprocessing, data.slice(row * size, (row + 1) * size));
        const made = augment(values, { index: positions[row], random });
        expectMembers(made, width, members);
        const at = set * members * size;
        preprocess(preprocessing, made, target.subarray(at, at + members * size));
      }
    },
  };
}

/** Members that a function makes of a sample. Throws InputError where they are too few, or not whole samples. */
export function membersMade(augment: AugmentFunction, sample: Float32Array, seed: number): number {
  const made = augment(sample, { index: 0, random: new Random(seed, "members") });
  const members = made.length / sample.length;
  if (Number.isInteger(members) && members >= 2) return members;
  throw new InputError(
    `option augment: found a function that makes ${made.length} values of a sample of ${sample.length}, expected those of two samples or more`,
  );
}

function expectMembers(made: Float32Array, width: number, members: number): void {
  if (made.length === members * width) return;
  throw new InputError(
    `option augment: found a function that makes ${made.length} values of a sample, expected ${members * width} as of the first sample`,
  );
}

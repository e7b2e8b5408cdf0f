import type { ConditionedDataset } from "../data/check.js";
import { type Split, splitHeldOut } from "../data/split.js";
import { Random } from "../engine/random.js";

/** Which samples a fit with this seed holds out: a share of them, chosen at random. */
export function heldOutSplit(
  dataset: ConditionedDataset,
  { heldOut, seed }: { readonly heldOut: number; readonly seed: number },
): Split {
  const order = new Random(seed, "held-out").permutation(dataset.samples);
  return splitHeldOut(dataset.samples, heldOut, order, dataset.condition.labels);
}

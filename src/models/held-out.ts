import type { ConditionedDataset } from "../data/check.js";
import { type Split, splitHeldOut } from "../data/split.js";
import { Random } from "../engine/random.js";

/** Of samples that stand for more, no larger share than this is held out to make up for those. */
const MOST_HELD_OUT = 0.5;

/**
 * Which samples a fit with this seed holds out: a share of them, chosen at random. Where they stand for more (`of`), they
 * provide the share of all, or half of themselves if that is less.
 */
export function heldOutSplit(
  dataset: ConditionedDataset,
  {
    heldOut,
    seed,
    of = dataset.samples,
  }: { readonly heldOut: number; readonly seed: number; readonly of?: number },
): Split {
  const order = new Random(seed, "held-out").permutation(dataset.samples);
  const ofAll = heldOut * (of / dataset.samples);
  const share = Math.min(ofAll, Math.max(heldOut, MOST_HELD_OUT));
  return splitHeldOut(dataset.samples, share, order, dataset.condition.labels);
}

import type { ConditionedDataset } from "../data/check.js";
import { sampleCount } from "../data/dataset.js";
import { type Split, splitHeldOut } from "../data/split.js";
import { Random } from "../engine/random.js";
import { drawnPositions } from "./drawn-samples.js";

/** Of samples that stand for more, no larger share than this is held out to make up for those. */
const MOST_HELD_OUT = 0.5;

/**
 * Which samples a fit with this seed holds out: a share of them, chosen at random. Those that stand for more, being all
 * that are in memory or `drawn` for that, provide the share of all, or half of themselves if that is less; both sides of
 * the split are then among them.
 */
export function heldOutSplit(
  dataset: ConditionedDataset,
  {
    heldOut,
    seed,
    drawn,
  }: { readonly heldOut: number; readonly seed: number; readonly drawn?: number | undefined },
): Split {
  const { labels } = dataset.condition;
  const from = drawn === undefined ? undefined : drawnPositions(dataset.condition, drawn);
  const labelsFrom = from?.map((position) => labels[position]) ?? labels;
  const order = new Random(seed, "held-out").permutation(labelsFrom.length);
  const ofAll = heldOut * (sampleCount(dataset) / labelsFrom.length);
  const share = Math.min(ofAll, Math.max(heldOut, MOST_HELD_OUT));
  const split = splitHeldOut(labelsFrom.length, share, order, labelsFrom);
  if (from === undefined) return split;
  const positions = (indices: Int32Array) => indices.map((index) => from[index]);
  return { training: positions(split.training), heldOut: positions(split.heldOut) };
}

import type { Engine } from "../../engine/engine.js";
import { inSlices } from "../../nn/batch-division.js";
import type { LabelledSamples } from "../labelled-samples.js";
import { OutsideValues } from "./batch-values.js";
import { type BatchPart, GatheredBatches } from "./gathered-batches.js";

/** Samples that are looked at together. */
const BATCH = 1000;

/**
 * The sum over batches of samples in their order, and over the members of a team, of what `valueIn` finds for a member's
 * slice of one; `from` and `count` say which samples the whole batch has. Memory that it takes is let go.
 */
export function sumInOrder(
  engine: Engine,
  samples: LabelledSamples,
  size: number,
  classes: number,
  valueIn: (slice: BatchPart, from: number, count: number) => number,
): number {
  const division = inSlices(engine.team);
  const inOrder = new GatheredBatches(
    samples,
    new OutsideValues(engine, samples.data, size, true),
    classes,
    division,
  );
  const all = samples.labels.length;
  let total = 0;
  for (let from = 0; from < all; from += BATCH) {
    const count = Math.min(BATCH, all - from);
    const mark = engine.arena.mark();
    const positions = Int32Array.from({ length: count }, (_, index) => from + index);
    total += valueIn(inOrder.take(engine, positions, division.reach(count)), from, count);
    engine.arena.release(mark);
  }
  return engine.team.sum(total);
}

import assert from "node:assert/strict";
import type { Engine } from "../../src/engine/engine.js";
import { Random } from "../../src/engine/random.js";
import { SOLO, slice } from "../../src/engine/team.js";
import type { Parameters } from "../../src/nn/parameters.js";
import type { TrainingTask } from "../../src/nn/train.js";
import { assertWithin } from "./numbers.js";

/**
 * Asserts that the losses and gradients of a team's members add up to those of one thread, for teams of these sizes, on 43
 * of 60 samples; and that a task without held-out samples has no held-out loss.
 */
export function expectPartsToAddUp(
  { engine, parameters }: { readonly engine: Engine; readonly parameters: Parameters },
  task: TrainingTask,
  sizes: readonly number[],
): void {
  const samples = new Random(1, "order").permutation(60).subarray(0, 43);
  const partOf = (rank: number, size: number) => {
    parameters.gradients().fill(0);
    const mark = engine.arena.mark();
    const loss = task.gradient(samples, slice({ ...SOLO, rank, size }, samples.length), 7);
    engine.arena.release(mark);
    return { loss, gradients: parameters.gradients().slice() };
  };
  const whole = partOf(0, 1);
  for (const size of sizes) {
    const parts = Array.from({ length: size }, (_, rank) => partOf(rank, size));
    assertWithin(1e-6, [parts.reduce((sum, part) => sum + part.loss, 0)], [whole.loss], "loss");
    const gradients = whole.gradients.map((_, i) => parts.reduce((sum, part) => sum + part.gradients[i], 0));
    assertWithin(1e-5, gradients, whole.gradients, "gradients");
  }
  assert.equal(task.heldOutLoss(), null);
}

import type { Context } from "../../src/engine/context.js";
import { allocate } from "../../src/engine/context.js";
import type { Engine } from "../../src/engine/engine.js";
import { vector } from "../../src/engine/shape.js";
import type { Tensor } from "../../src/engine/tensor.js";
import { type BatchLabels, countLabels } from "../../src/priors/prior.js";
import { putIntegers } from "./kernel-memory.js";
import { load, write } from "./passes.js";

/** A batch's latents, labels and log-determinants in kernel memory. */
export interface PriorBatch {
  readonly w: Tensor;
  readonly labels: BatchLabels;
  readonly logDeterminant: Tensor;
}

export function putBatch(
  context: Context,
  latents: Float32Array,
  labels: Int32Array,
  logDeterminants: Float32Array,
  classes: number,
): PriorBatch {
  const logDeterminant = allocate(context, vector(1), labels.length);
  write(context, logDeterminant, logDeterminants);
  return {
    w: load(context, vector(latents.length / labels.length), latents),
    labels: wholeBatch(context.engine, labels, classes),
    logDeterminant,
  };
}

/** The labels of a batch that is worked on as a whole. */
export function wholeBatch(engine: Engine, labels: Int32Array, classes: number): BatchLabels {
  const counts = countLabels(labels, classes);
  return {
    pointer: putIntegers(engine, labels),
    samples: labels.length,
    known: counts.reduce((sum, count) => sum + count, 0),
    counts: () => counts,
    localCounts: counts,
  };
}

/** Latents [sample][feature] as one array a sample. */
export function bySample(latents: ArrayLike<number>, features: number): number[][] {
  return Array.from({ length: latents.length / features }, (_, sample) =>
    Array.from({ length: features }, (_, f) => latents[sample * features + f]),
  );
}

import type { Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";
import type { Parameter } from "./parameters.js";

/** The class of each sample of a batch in kernel memory: 32-bit numbers, 0 in the lanes beyond the samples. */
export interface ClassLanes {
  readonly pointer: number;
  readonly samples: number;
  /** Where conditions are no classes: the numbers that stand for them. */
  readonly rows?: Tensor;
}

/** Puts classes into kernel memory. */
export function putClasses({ engine }: Context, labels: Int32Array): ClassLanes {
  const padded = 8 * Math.max(1, Math.ceil(labels.length / 8));
  const pointer = engine.arena.allocate(4 * padded);
  engine.memory.integers(pointer, padded).fill(0, labels.length).set(labels);
  return { pointer, samples: labels.length };
}

/** Puts the row of each sample's class, of a table [class][channel], into y's values, or adds it to them. */
export function embed(
  context: Context,
  table: Parameter,
  { pointer: labels, samples }: ClassLanes,
  y: Tensor,
  { accumulate }: { readonly accumulate: boolean },
): void {
  const { kernels } = context.engine;
  kernels.embed(table.pointer, labels, y.pointer, y.channelStride, y.channels, y.inner, accumulate ? 1 : 0);
  context.tape?.record(() => {
    if (context.frozen) return;
    kernels.embedGradient(y.gradient, y.channelStride, labels, table.gradient, y.channels, samples);
  });
}

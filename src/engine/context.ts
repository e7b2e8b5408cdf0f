import type { Engine } from "./engine.js";
import type { Shape } from "./shape.js";
import type { Tape } from "./tape.js";
import { Tensor } from "./tensor.js";

/** What an operation runs in: the engine, and the tape while gradients are wanted. */
export interface Context {
  readonly engine: Engine;
  readonly tape?: Tape;
  /** Whether parameters are fixed: gradients pass through to the input, and none is stored for a parameter. */
  readonly frozen?: boolean;
  /** Whether the gradients of intermediate results are needed by the tape's own steps alone, so that they can share memory. */
  readonly lends?: boolean;
}

/**
 * An uninitialised batch; it carries a gradient where something differentiates through it. lent: where the context lends, the
 * gradient has memory only from its first contribution until the operation that was recorded with this output has passed it on.
 */
export function allocate(
  context: Context,
  shape: Shape,
  samples: number,
  options: { gradient?: boolean; rectified?: boolean; lent?: boolean } = {},
): Tensor {
  return Tensor.allocate(context.engine, shape, samples, {
    gradient:
      options.gradient ??
      (options.lent && context.lends ? context.tape?.gradients : undefined) ??
      context.tape !== undefined,
    rectified: options.rectified,
  });
}

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
}

/** An uninitialised batch; it carries a gradient where something differentiates through it. */
export function allocate(
  context: Context,
  shape: Shape,
  samples: number,
  options: { gradient?: boolean; rectified?: boolean } = {},
): Tensor {
  return Tensor.allocate(context.engine, shape, samples, {
    gradient: options.gradient ?? context.tape !== undefined,
    rectified: options.rectified,
  });
}

import type { Context } from "../engine/context.js";
import type { Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";

/** The context of a flow: with the log-determinant where one is wanted. */
export interface FlowContext extends Context {
  /** Shape (1); the log-determinant of each sample's Jacobian so far. Bijections add theirs to it. */
  readonly logDeterminant?: Tensor;
}

/** An invertible map between batches, with parameters of its own. */
export interface Bijection {
  readonly input: Shape;
  readonly output: Shape;
  /** Whether the determinant of the Jacobian is 1 everywhere. */
  readonly preservesVolume: boolean;
  /** y = f(x); adds log |det df/dx| to the context's log-determinant; records its gradient on the tape. */
  forward(context: FlowContext, x: Tensor): Tensor;
  /** x = f^-1(y); no gradient. */
  inverse(context: Context, y: Tensor): Tensor;
  /** Fixed integers that belong to the model, such as permutations, by name. */
  constants?(): Record<string, Int32Array>;
}

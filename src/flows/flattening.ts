import type { Context } from "../engine/context.js";
import { elements, type Shape, vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import { flatten, unflatten } from "../nn/image-layout.js";
import type { Bijection } from "./bijection.js";

/** An image as the vector of its values in the order channel, row, column. Log-det: 0. */
export class Flattening implements Bijection {
  readonly output: Shape;
  readonly preservesVolume = true;

  constructor(readonly input: Shape) {
    this.output = vector(elements(input));
  }

  forward(context: Context, x: Tensor): Tensor {
    return flatten(context, x);
  }

  inverse(context: Context, y: Tensor): Tensor {
    return unflatten(context, y, this.input);
  }
}

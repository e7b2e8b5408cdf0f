import type { Context } from "../engine/context.js";
import { describeShape, type Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import { downsample, upsample } from "../nn/image-layout.js";
import type { Bijection } from "./bijection.js";

/** 2x2 checkerboard downsampling, (C,H,W) to (4C,H/2,W/2) (Jacobsen et al. 2018). Log-det: 0. */
export class Downsampling implements Bijection {
  readonly output: Shape;
  readonly preservesVolume = true;

  constructor(readonly input: Shape) {
    if (input.height % 2 !== 0 || input.width % 2 !== 0) {
      throw new RangeError(`Found shape ${describeShape(input)}, expected even height and width.`);
    }
    this.output = { channels: 4 * input.channels, height: input.height / 2, width: input.width / 2 };
  }

  forward(context: Context, x: Tensor): Tensor {
    return downsample(context, x);
  }

  inverse(context: Context, y: Tensor): Tensor {
    return upsample(context, y);
  }
}

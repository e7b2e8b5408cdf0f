import { allocate, type Context } from "../engine/context.js";
import type { Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Bijection } from "./bijection.js";

/** A fixed order of the channels: y[c] = x[order[c]]. Log-det: 0. Throws RangeError when `order` is no permutation. */
export class Permutation implements Bijection {
  readonly output: Shape;
  readonly preservesVolume = true;
  private readonly inverseOrder: Int32Array;

  constructor(
    readonly input: Shape,
    private readonly order: Int32Array,
  ) {
    this.output = input;
    this.inverseOrder = new Int32Array(input.channels).fill(-1);
    order.forEach((from, to) => {
      this.inverseOrder[from] = to;
    });
    if (order.length !== input.channels || this.inverseOrder.includes(-1)) {
      throw new RangeError(
        `Found [${order.join(", ")}], expected each channel from 0 to ${input.channels - 1} once.`,
      );
    }
  }

  forward(context: Context, x: Tensor): Tensor {
    const y = allocate(context, this.output, x.samples, { lent: true });
    const inverseTable = context.tape ? context.engine.place(this.inverseOrder) : 0;
    this.move(context, x.pointer, y.pointer, context.engine.place(this.order), x, false);
    context.tape?.record(() => {
      if (!x.hasGradient) return;
      this.move(context, y.gradient, x.gradient, inverseTable, x, x.gradientWritten);
      x.markGradientWritten();
    }, y);
    return y;
  }

  inverse(context: Context, y: Tensor): Tensor {
    const x = allocate(context, this.input, y.samples);
    this.move(context, y.pointer, x.pointer, context.engine.place(this.inverseOrder), y, false);
    return x;
  }

  constants(): Record<string, Int32Array> {
    return { order: this.order };
  }

  private move(
    context: Context,
    from: number,
    to: number,
    table: number,
    like: Tensor,
    accumulate: boolean,
  ): void {
    context.engine.kernels.permute(
      from,
      like.groupStride,
      to,
      like.groupStride,
      table,
      like.groups,
      like.channels,
      like.inner,
      like.channelStride,
      accumulate ? 1 : 0,
    );
  }
}

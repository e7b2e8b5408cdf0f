// The way back through a coupling, written for one number of channels; see linear.ts. `kernels/coupling.ts` takes any number
// and goes along one row after the other, through what it notes between passes. With a few channels all of a position
// fit the registers.

import type { WrittenFunction } from "../program/module-writer.js";
import { type Signature, VALUE_TYPE } from "../program/wasm-binary.js";
import { Locals, NUMBER, ProductWriter, VECTOR } from "./product-writer.js";

const { i32, f32, vector } = VALUE_TYPE;

/** A coupling whose scales have their mean taken off, on vectors: rows of all operands are `stride` numbers apart. */
export interface CouplingSizes {
  readonly channels: number;
  readonly stride: number;
  readonly hasInputGradient: boolean;
  readonly accumulate: boolean;
}

/** Of what {@link writeCouplingBackward} writes. */
export const COUPLING_BACKWARD_TYPE: Signature = {
  parameters: [i32, i32, i32, i32, i32, i32, f32, f32, f32, i32],
  results: [],
};

/**
 * `couplingBackward` for some sizes: (x, st, dy, dx, dst, end, 1 / channels, 1, 2, leave), where end is that of the first row of x,
 * and leave is 0.
 *
 * Register budget (V8 keeps 15 vectors): by 4 columns, a gradient of each channel's scale, at most 6, their mean, three
 * constants, and three for what is being computed.
 */
export function writeCouplingBackward(sizes: CouplingSizes, fused: boolean): WrittenFunction {
  const { channels, stride } = sizes;
  const [x, st, dy, dx, dst, end, inverse, one, two, leave] = COUPLING_BACKWARD_TYPE.parameters.keys();
  const locals = new Locals(COUPLING_BACKWARD_TYPE);
  const [inverses, ones, twos] = locals.take(vector, 3);
  const scaleGradients = locals.take(vector, channels);
  const [mean, gradient, value] = locals.take(vector, 3);
  const code = new ProductWriter(fused, leave);
  const row = (channel: number) => NUMBER * channel * stride;
  code.get(inverse).compute("splat").set(inverses);
  code.get(one).compute("splat").set(ones);
  code.get(two).compute("splat").set(twos);
  code.loop(() => {
    code.clear([mean]);
    code.block(() => {
      for (const [channel, scaleGradient] of scaleGradients.entries()) {
        code.loadTo(gradient, dy, row(channel));
        code
          .get(dst)
          .get(gradient)
          .store(row(channels + channel));
        code
          .get(gradient)
          .get(st)
          .load(row(channels + channel))
          .compute("multiply")
          .set(value);
        if (sizes.hasInputGradient) {
          code.get(dx);
          if (sizes.accumulate) code.get(dx).load(row(channel)).get(value).compute("add");
          else code.get(value);
          code.store(row(channel));
        }
        code.get(value).get(x).load(row(channel)).compute("multiply").set(scaleGradient);
        code.addProduct(mean, scaleGradient, inverses);
        if (channel + 1 < channels) code.wayOut(0);
      }
    });
    for (const [channel, scaleGradient] of scaleGradients.entries()) {
      code.loadTo(value, st, row(channel));
      code.get(dst);
      code
        .get(twos)
        .get(ones)
        .get(value)
        .get(value)
        .compute("multiply")
        .compute("subtract")
        .compute("multiply");
      code.get(scaleGradient).get(mean).compute("subtract").compute("multiply");
      code.store(row(channel));
    }
    for (const address of [x, st, dy, dx, dst]) code.advance(address, VECTOR);
    code.repeatUntil(x, end);
  });
  return { type: COUPLING_BACKWARD_TYPE, locals: locals.declared, code };
}

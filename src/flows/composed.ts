import type { Context } from "../engine/context.js";
import { describeShape, type Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Bijection, FlowContext } from "./bijection.js";

/** Bijections one after another. Throws RangeError when a part does not fit the one before it. */
export class Composed implements Bijection {
  readonly input: Shape;
  readonly output: Shape;
  readonly preservesVolume: boolean;

  /** `parts` by name, in order of application to data. */
  constructor(private readonly parts: readonly { readonly name: string; readonly bijection: Bijection }[]) {
    if (parts.length === 0) throw new RangeError("A composed flow needs at least one part.");
    this.input = parts[0].bijection.input;
    this.output = parts[parts.length - 1].bijection.output;
    this.preservesVolume = parts.every((part) => part.bijection.preservesVolume);
    parts.slice(1).forEach(({ name, bijection }, index) => {
      const found = describeShape(parts[index].bijection.output);
      const expected = describeShape(bijection.input);
      if (found !== expected)
        throw new RangeError(`${name}: expected shape ${expected}, found ${found} before it.`);
    });
  }

  forward(context: FlowContext, x: Tensor): Tensor {
    const within = { ...context, lends: true };
    const y = this.parts.reduce((value, { bijection }) => bijection.forward(within, value), x);
    // Where a step is repeated, the loss finds it where it was the first time.
    y.keepGradient();
    return y;
  }

  inverse(context: Context, y: Tensor): Tensor {
    return this.parts.reduceRight((value, { bijection }) => bijection.inverse(context, value), y);
  }

  constants(): Record<string, Int32Array> {
    const named = this.parts.flatMap(({ name, bijection }) =>
      Object.entries(bijection.constants?.() ?? {}).map(([key, value]) => [`${name}.${key}`, value] as const),
    );
    return Object.fromEntries(named);
  }
}

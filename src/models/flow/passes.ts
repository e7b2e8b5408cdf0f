import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import type { SampleMap } from "../../nn/batch.js";
import type { FlowNetwork } from "./network.js";

/** What a network does to any number of preprocessed samples, each by itself. */
export const flowPasses = {
  encode: ({ flow, context }: FlowNetwork): SampleMap => ({
    input: flow.input,
    output: flow.output,
    apply: (x) => flow.forward(context, x),
  }),
  decode: ({ flow, context }: FlowNetwork): SampleMap => ({
    input: flow.output,
    output: flow.input,
    apply: (w) => flow.inverse(context, w),
  }),
  logDeterminants: (network: FlowNetwork): SampleMap => ({
    input: network.flow.input,
    output: vector(1),
    apply(x) {
      const context = network.withLogDeterminant(network.context, x.samples);
      network.flow.forward(context, x);
      return context.logDeterminant as Tensor;
    },
  }),
};

export type FlowPass = keyof typeof flowPasses;

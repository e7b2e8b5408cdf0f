import { allocate, type Context } from "../engine/context.js";
import type { Tensor } from "../engine/tensor.js";

/**
 * What a hidden layer does to each value: max(x, 0); max(x, 0.1 x); tanh(x) + 0.1 x, as in the mixings of the iVAE
 * paper; x / (1 + exp(-x)).
 */
export const ACTIVATIONS = ["relu", "leaky-relu", "tanh", "silu"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

const LEAK = 0.1;
const KERNEL: Readonly<Record<Activation | "absolute", { readonly kind: number; readonly leak: number }>> = {
  relu: { kind: 0, leak: 0 },
  "leaky-relu": { kind: 0, leak: LEAK },
  tanh: { kind: 1, leak: LEAK },
  silu: { kind: 2, leak: 0 },
  // |x| is max(x, -x).
  absolute: { kind: 0, leak: -1 },
};

/** Applies an activation to a vector's values in place; its gradient becomes that of what it was before. */
export function activate(context: Context, y: Tensor, activation: Activation | "absolute"): void {
  const { kernels } = context.engine;
  const { kind, leak } = KERNEL[activation];
  const slopes = context.tape ? allocate(context, y.shape, y.samples, { gradient: false }) : undefined;
  kernels.activate(y.pointer, y.channelStride, slopes?.pointer ?? 0, y.channels, y.inner, kind, leak);
  context.tape?.record(() => {
    if (slopes) kernels.activateGradient(y.gradient, y.channelStride, slopes.pointer, y.channels, y.inner);
  });
}

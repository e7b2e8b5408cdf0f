import { fromSupport, toSupport } from "../distributions/support.js";
import type { Model } from "./model.js";

/** The largest float32 below 1, and the smallest normal one. */
const ALMOST_ONE = 1 - 2 ** -24;
const ALMOST_ZERO = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The values of latents that are handed over as real numbers: the same where they may be anything. */
export function valuesOnSupport({ support }: Pick<Model, "support">, latents: Float32Array): Float32Array {
  if (support === undefined || support === "real") return latents;
  return latents.map((v) => Math.min(LARGEST, toSupport(support, v)));
}

/** The real numbers that stand for values of latents; beyond the ends of their support those of the ends. */
export function fromValues({ support }: Pick<Model, "support">, values: Float32Array): Float32Array {
  if (support === undefined || support === "real") return values;
  const most = support === "unit" ? ALMOST_ONE : LARGEST;
  return values.map((w) => fromSupport(support, Math.min(most, Math.max(ALMOST_ZERO, w))));
}

import type { Tensor } from "../data/safetensors.js";
import { InputError } from "../errors.js";

/** A tensor's float32 values. Throws InputError when it is missing, of another shape or type, or not finite. */
export function floatTensor(
  tensors: Readonly<Record<string, Tensor>>,
  tensor: string,
  shape: readonly number[],
  name: string,
): Float32Array {
  const found = tensors[tensor];
  const expected = `[${shape.join(", ")}]`;
  if (!found) throw new InputError(`${name}: tensor ${tensor} is missing, expected shape ${expected}`);
  if (!(found.data instanceof Float32Array) || found.shape.join() !== shape.join()) {
    throw new InputError(
      `${name}: tensor ${tensor} has shape [${found.shape.join(", ")}], expected ${expected}`,
    );
  }
  // Millions of them: a function called for each would leave a number in the heap for each.
  for (const value of found.data) {
    if (!Number.isFinite(value))
      throw new InputError(`${name}: tensor ${tensor} holds ${value}, expected finite numbers`);
  }
  return found.data;
}

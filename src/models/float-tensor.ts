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
  const wrong = found.data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new InputError(`${name}: tensor ${tensor} holds ${found.data[wrong]}, expected finite numbers`);
  return found.data;
}

import type { Context } from "../../engine/context.js";
import type { RandomKey } from "../../engine/random.js";
import { vector } from "../../engine/shape.js";
import type { Tensor } from "../../engine/tensor.js";
import { allocateStaging, loadTensor } from "../../nn/batch.js";

/**
 * Standard normal numbers for the samples that start at number `first`, a multiple of 8; each sample's are fixed by the
 * key, the stream and its number, whoever asks for them.
 */
export function standardNoise(
  context: Context,
  { key0, key1 }: RandomKey,
  stream: number,
  first: number,
  samples: number,
  latents: number,
): Tensor {
  const { kernels } = context.engine;
  const shape = vector(latents);
  const staging = allocateStaging(context, shape, samples);
  const length = samples * latents;
  kernels.fillZero(staging, 8 * Math.ceil(length / 8));
  kernels.addNormal(staging, length, key0, key1, stream, first * latents, 1);
  return loadTensor(context, shape, staging, samples, { gradient: false });
}

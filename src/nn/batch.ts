import { allocate, type Context } from "../engine/context.js";
import { elements, isVector, type Shape } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";

/** Room in kernel memory for `samples` samples in the order of the outside, [sample][value]; a multiple of 8 floats. */
export function allocateStaging(context: Context, shape: Shape, samples: number): number {
  return context.engine.arena.allocate(4 * 8 * Math.ceil((samples * elements(shape)) / 8));
}

/** Samples at `staging`, [sample][value], as a tensor. */
export function loadTensor(
  context: Context,
  shape: Shape,
  staging: number,
  samples: number,
  options: { gradient: boolean },
): Tensor {
  const { kernels } = context.engine;
  const x = allocate(context, shape, samples, options);
  if (isVector(shape))
    kernels.rowsLoad(staging, x.pointer, x.channelStride, samples, x.inner, shape.channels);
  else kernels.imageLoad(staging, x.pointer, samples, shape.channels, shape.height, shape.width);
  return x;
}

/** A tensor's samples, [sample][value], written to `staging`. */
export function storeTensor(context: Context, x: Tensor, staging: number): void {
  const { kernels } = context.engine;
  const { channels, height, width } = x.shape;
  if (isVector(x.shape)) kernels.rowsStore(x.pointer, x.channelStride, staging, x.samples, channels);
  else kernels.imageStore(x.pointer, staging, x.samples, channels, height, width);
}

/** Values that one pass may hold for its input, so that memory stays bounded. */
const CHUNK_VALUES = 200_000;

/**
 * Runs an operation over any number of samples, [sample][value], in chunks of bounded memory, and returns its
 * output in the same order.
 */
export function mapSamples(
  context: Context,
  input: Shape,
  output: Shape,
  data: Float32Array,
  operation: (x: Tensor, from: number) => Tensor,
): Float32Array {
  const { arena, memory } = context.engine;
  const [inputSize, outputSize] = [elements(input), elements(output)];
  const samples = data.length / inputSize;
  const result = new Float32Array(samples * outputSize);
  const chunk = Math.max(8, 8 * Math.floor(CHUNK_VALUES / inputSize / 8));
  for (let from = 0; from < samples; from += chunk) {
    const count = Math.min(chunk, samples - from);
    const mark = arena.mark();
    const staging = allocateStaging(context, input, count);
    memory
      .floats(staging, count * inputSize)
      .set(data.subarray(from * inputSize, (from + count) * inputSize));
    const y = operation(loadTensor(context, input, staging, count, { gradient: false }), from);
    const out = allocateStaging(context, output, count);
    storeTensor(context, y, out);
    result.set(memory.floats(out, count * outputSize), from * outputSize);
    arena.release(mark);
  }
  return result;
}

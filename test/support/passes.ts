import type { Context } from "../../src/engine/context.js";
import { allocate } from "../../src/engine/context.js";
import type { Engine } from "../../src/engine/engine.js";
import { elements, isVector, type Shape, vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import type { Tensor } from "../../src/engine/tensor.js";
import type { Bijection } from "../../src/flows/bijection.js";
import { allocateStaging, loadTensor } from "../../src/nn/batch.js";
import type { Parameters } from "../../src/nn/parameters.js";
import { poison } from "./kernel-memory.js";

// Running bijections and networks on samples in the order of the outside, [sample][value].

function stage(context: Context, shape: Shape, values: ArrayLike<number>): number {
  const staging = allocateStaging(context, shape, values.length / elements(shape));
  context.engine.memory.floats(staging, values.length).set(values);
  return staging;
}

/** Samples as a tensor that carries a gradient where the context has a tape. */
export function load(context: Context, shape: Shape, values: ArrayLike<number>): Tensor {
  const samples = values.length / elements(shape);
  const gradient = context.tape !== undefined;
  return loadTensor(context, shape, stage(context, shape, values), samples, { gradient });
}

/** Copies samples to a tensor's values, or to its gradient. */
export function write(context: Context, x: Tensor, values: ArrayLike<number>, pointer = x.pointer): void {
  const { kernels } = context.engine;
  const { channels, height, width } = x.shape;
  const staging = stage(context, x.shape, values);
  if (isVector(x.shape)) kernels.rowsLoad(staging, pointer, x.channelStride, x.samples, x.inner, channels);
  else kernels.imageLoad(staging, pointer, x.samples, channels, height, width);
}

/** A tensor's values, or its gradient, as samples. */
export function read(context: Context, x: Tensor, pointer = x.pointer): Float32Array {
  const { kernels, memory } = context.engine;
  const { channels, height, width } = x.shape;
  const staging = allocateStaging(context, x.shape, x.samples);
  if (isVector(x.shape)) kernels.rowsStore(pointer, x.channelStride, staging, x.samples, channels);
  else kernels.imageStore(pointer, staging, x.samples, channels, height, width);
  return memory.floats(staging, x.samples * elements(x.shape)).slice();
}

/** Gives back the memory that `run` took, and has it start on memory full of NaN. */
function scoped<T>(engine: Engine, run: () => T): T {
  const mark = engine.arena.mark();
  poison(engine);
  const result = run();
  engine.arena.release(mark);
  return result;
}

function zeroLogDeterminant(context: Context, samples: number): Tensor {
  const tensor = allocate(context, vector(1), samples);
  context.engine.kernels.fillZero(tensor.pointer, tensor.inner);
  return tensor;
}

/** f(x), and log |det df/dx| of every sample. */
export function forward(
  engine: Engine,
  bijection: Bijection,
  x: ArrayLike<number>,
): { y: Float32Array; logDeterminants: Float32Array } {
  return scoped(engine, () => {
    const input = load({ engine }, bijection.input, x);
    const logDeterminant = zeroLogDeterminant({ engine }, input.samples);
    const y = bijection.forward({ engine, logDeterminant }, input);
    return { y: read({ engine }, y), logDeterminants: read({ engine }, logDeterminant) };
  });
}

export function inverse(engine: Engine, bijection: Bijection, y: ArrayLike<number>): Float32Array {
  return scoped(engine, () =>
    read({ engine }, bijection.inverse({ engine }, load({ engine }, bijection.output, y))),
  );
}

/** Gradients of sum(dy y) + sum(dLogDeterminants logDeterminants) with respect to x and to the parameters. */
export function gradients(
  engine: Engine,
  parameters: Parameters,
  bijection: Bijection,
  x: ArrayLike<number>,
  dy: ArrayLike<number>,
  dLogDeterminants: ArrayLike<number>,
): { x: Float32Array; parameters: Float32Array } {
  return scoped(engine, () => {
    parameters.gradients().fill(0);
    const context = { engine, tape: new Tape() };
    const input = load(context, bijection.input, x);
    const logDeterminant = zeroLogDeterminant(context, input.samples);
    const y = bijection.forward({ ...context, logDeterminant }, input);
    write(context, y, dy, y.gradient);
    write(context, logDeterminant, dLogDeterminants, logDeterminant.gradient);
    y.markGradientWritten();
    context.tape.backward();
    return { x: read(context, input, input.gradient), parameters: parameters.gradients().slice() };
  });
}

/** df/dx at one sample, [output][input], from the tape: as many copies as outputs, each with a one-hot gradient. */
export function jacobian(
  engine: Engine,
  parameters: Parameters,
  bijection: Bijection,
  x: ArrayLike<number>,
): Float32Array {
  const size = elements(bijection.input);
  const copies = Float32Array.from({ length: size * size }, (_, i) => x[i % size]);
  const oneHot = copies.map((_, i) => (i % (size + 1) === 0 ? 1 : 0));
  return gradients(engine, parameters, bijection, copies, oneHot, new Float32Array(size)).x;
}

/** A parameter vector's values by name, in double precision; `values` in place of those in force. */
export function weightsOf(
  parameters: Parameters,
  values: ArrayLike<number> = parameters.values(),
): Record<string, Float64Array> {
  const all = Float64Array.from(values);
  return Object.fromEntries(
    parameters.entries().map(({ name, offset, length }) => [name, all.subarray(offset, offset + length)]),
  );
}

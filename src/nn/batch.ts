import { sharedFloat32 } from "../data/dataset.js";
import { allocate, type Context } from "../engine/context.js";
import { elements, isVector, type Shape } from "../engine/shape.js";
import { Tape } from "../engine/tape.js";
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
  const x = allocate(context, shape, samples, options);
  load(context, staging, x, x.pointer);
  return x;
}

/** A tensor's samples, [sample][value], written to `staging`. */
export function storeTensor(context: Context, x: Tensor, staging: number): void {
  store(context, x, x.pointer, staging);
}

/** Samples at `staging` to a tensor's values or gradient. */
function load({ engine }: Context, staging: number, x: Tensor, pointer: number): void {
  const { kernels } = engine;
  const { channels, height, width } = x.shape;
  if (isVector(x.shape)) kernels.rowsLoad(staging, pointer, x.channelStride, x.samples, x.inner, channels);
  else kernels.imageLoad(staging, pointer, x.samples, channels, height, width);
}

/** A tensor's values or gradient to `staging`. */
function store({ engine }: Context, x: Tensor, pointer: number, staging: number): void {
  const { kernels } = engine;
  const { channels, height, width } = x.shape;
  if (isVector(x.shape)) kernels.rowsStore(pointer, x.channelStride, staging, x.samples, channels);
  else kernels.imageStore(pointer, staging, x.samples, channels, height, width);
}

/** An operation on any number of samples, each by itself; `from` is the first sample's index. */
export interface SampleMap {
  readonly input: Shape;
  readonly output: Shape;
  /** Values that it holds of a sample at one time, where these are many more than the input's. */
  readonly held?: number;
  apply(x: Tensor, from: number): Tensor;
}

/** Values that one pass may hold for its input, so that memory stays bounded. */
const CHUNK_VALUES = 200_000;

/** Samples that run together. */
const chunkSamples = (input: Shape, held = 0) =>
  Math.max(8, 8 * Math.floor(CHUNK_VALUES / Math.max(elements(input), held) / 8));

const samplesOf = (shape: Shape, data: Float32Array) => data.length / elements(shape);

/** Chunks of bounded memory that a map takes for data, [sample][value]. */
export function chunkCount({ input, held }: SampleMap, data: Float32Array): number {
  return Math.ceil(samplesOf(input, data) / chunkSamples(input, held));
}

/** Room for what a map makes of data; shared with other threads where `share` is set and the environment can. */
export function allocateResult(
  { input, output }: SampleMap,
  data: Float32Array,
  share: boolean,
): Float32Array {
  const length = samplesOf(input, data) * elements(output);
  return share ? sharedFloat32(length) : new Float32Array(length);
}

/** Maps one chunk of the samples, and puts what comes out into its place in `result`. */
export function mapChunk(
  context: Context,
  map: SampleMap,
  data: Float32Array,
  result: Float32Array,
  chunk: number,
): void {
  const { input, output, held } = map;
  const samples = chunkSamples(input, held);
  const from = chunk * samples;
  const count = Math.min(samples, samplesOf(input, data) - from);
  const mark = context.engine.arena.mark();
  const staging = stage(context, input, samplesAt(data, input, from, count));
  const y = map.apply(loadTensor(context, input, staging, count, { gradient: false }), from);
  result.set(read(context, y, y.pointer), from * elements(output));
  context.engine.arena.release(mark);
}

/** Maps any number of samples, [sample][value], in bounded memory; the result is in the same order. */
export function mapSamples(context: Context, map: SampleMap, data: Float32Array): Float32Array {
  const result = allocateResult(map, data, false);
  const chunks = chunkCount(map, data);
  for (let chunk = 0; chunk < chunks; chunk++) mapChunk(context, map, data, result, chunk);
  return result;
}

/**
 * The gradient with respect to `data` of a function of an operation's output, in chunks of bounded memory: J^T g for
 * every sample, with J the operation's Jacobian and g the function's gradient, which `gradientOf` gives for outputs
 * [sample][value] that start at sample `from`. Parameters are left alone.
 */
export function pullBackSamples(
  { engine }: Context,
  input: Shape,
  data: Float32Array,
  operation: (context: Context, x: Tensor) => Tensor,
  gradientOf: (outputs: Float32Array, from: number) => Float32Array,
): Float32Array {
  const result = new Float32Array(data.length);
  const [samples, chunk] = [samplesOf(input, data), chunkSamples(input)];
  for (let from = 0; from < samples; from += chunk) {
    const mark = engine.arena.mark();
    const tape = new Tape();
    const context = { engine, tape, frozen: true };
    const count = Math.min(chunk, samples - from);
    const staging = stage(context, input, samplesAt(data, input, from, count));
    const x = loadTensor(context, input, staging, count, { gradient: true });
    const y = operation(context, x);
    const gradient = gradientOf(read(context, y, y.pointer).slice(), from);
    load(context, stage(context, y.shape, gradient), y, y.gradient);
    y.markGradientWritten();
    tape.backward();
    result.set(read(context, x, x.gradient), from * elements(input));
    engine.arena.release(mark);
  }
  return result;
}

function samplesAt(data: Float32Array, shape: Shape, from: number, count: number): Float32Array {
  return data.subarray(from * elements(shape), (from + count) * elements(shape));
}

/** Puts samples into kernel memory and returns their address. */
function stage(context: Context, shape: Shape, samples: Float32Array): number {
  const staging = allocateStaging(context, shape, samples.length / elements(shape));
  context.engine.memory.floats(staging, samples.length).set(samples);
  return staging;
}

/** A tensor's values or gradient, [sample][value]; valid until the memory grows. */
function read(context: Context, x: Tensor, pointer: number): Float32Array {
  const staging = allocateStaging(context, x.shape, x.samples);
  store(context, x, pointer, staging);
  return context.engine.memory.floats(staging, x.samples * elements(x.shape));
}

import { allocate, type Context } from "../engine/context.js";
import type { Engine } from "../engine/engine.js";
import { describeShape, imageBytes, isVector, planePixels } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
import type { Images } from "./convolution-methods.js";
import { type ConvolutionLayer, type ConvolutionPlan, planConvolution } from "./convolution-plan.js";
import type { Parameters } from "./parameters.js";

export type { ConvolutionLayer };

export function declareConvolution(
  parameters: Parameters,
  name: string,
  inputs: number,
  outputs: number,
): ConvolutionLayer {
  return {
    weight: parameters.declare(`${name}.weight`, [outputs, inputs, 3, 3]),
    bias: parameters.declare(`${name}.bias`, [outputs]),
  };
}

/**
 * y[o] = sum over k of W[o,k] * x[k] + b[o], then ReLU where `rectify` is set; * is the 3x3 cross-correlation with
 * padding 1. x is (in, height, width), y is (out, height, width). Throws where x is no image of `in` channels.
 */
export function convolution(context: Context, layer: ConvolutionLayer, x: Tensor, rectify: boolean): Tensor {
  return convolutions(context, [layer], x, rectify);
}

/**
 * Convolutions one after the other, ReLU between them, and after the last where `rectify` is set. All layers run on
 * a few images before the next few, forward and backward: what passes between layers stays in the cache, hidden
 * layers reach memory only where gradients will need them, and their gradients never do.
 */
export function convolutions(
  context: Context,
  layers: readonly ConvolutionLayer[],
  x: Tensor,
  rectify = false,
): Tensor {
  const { engine, tape } = context;
  const { arena, kernels } = engine;
  const [, expected] = layers[0].weight.shape;
  if (isVector(x.shape) || x.channels !== expected) {
    throw new Error(`A convolution expects an image of ${expected} channels; got ${describeShape(x.shape)}.`);
  }
  const plans = layers.map((layer) => planConvolution(kernels, layer, x.shape));
  const channels = plans[plans.length - 1].outputs;
  const y = allocate(context, { ...x.shape, channels }, x.samples, { rectified: rectify, lent: true });

  const plane = 4 * planePixels(x.shape);
  const chunk = Math.min(x.groups, chunkGroups(plane * Math.max(...plans.map(({ outputs }) => outputs))));
  const stack: Stack = { ...x.shape, engine, plans, plane, groups: x.groups, chunk };
  const mark = arena.mark();
  const values = [
    whole(x.pointer, x.groupStride),
    ...(tape ? keptHiddenLayers(stack) : passingHiddenLayers(stack)),
    whole(y.pointer, y.groupStride),
  ];
  runForward(stack, values, tape !== undefined, rectify);
  if (!tape) arena.release(mark);
  tape?.record(() => {
    // Before the mark: this gradient stays.
    const input = whole(x.gradient, x.groupStride);
    const mark = arena.mark();
    const gradients = [input, ...passingHiddenLayers(stack), whole(y.gradient, y.groupStride)];
    runBackward(stack, values, gradients, x, context.frozen === true);
    if (x.hasGradient) x.markGradientWritten();
    arena.release(mark);
  }, y);
  return y;
}

/** Layers on a batch of images: floats of a plane, groups of images, and how many of them run together. */
interface Stack {
  readonly engine: Engine;
  readonly plans: readonly ConvolutionPlan[];
  readonly height: number;
  readonly width: number;
  readonly plane: number;
  readonly groups: number;
  readonly chunk: number;
}

/** Where a layer's images lie, from a group on. */
type Layer = (group: number) => Images;

const whole =
  (pointer: number, groupStride: number): Layer =>
  (group) => ({ pointer: pointer + 4 * group * groupStride, groupStride });

const hidden = ({ plans }: Stack) => plans.slice(0, -1).map(({ outputs }) => outputs);

/** Memory for all groups, not cleared. */
function keptHiddenLayers(stack: Stack): Layer[] {
  const { engine, plane, groups } = stack;
  return hidden(stack).map((channels) =>
    whole(engine.arena.allocate(imageBytes(stack, groups * channels)), channels * plane),
  );
}

/** Memory for one chunk that all share in turn. */
function passingHiddenLayers(stack: Stack): Layer[] {
  const { engine, plane, chunk } = stack;
  return hidden(stack).map((channels) => {
    const pointer = engine.arena.allocate(imageBytes(stack, chunk * channels));
    engine.kernels.imageClearBorder(pointer, chunk * channels, stack.height, stack.width);
    return () => ({ pointer, groupStride: channels * plane });
  });
}

function runForward(stack: Stack, values: readonly Layer[], keep: boolean, rectify: boolean): void {
  const { engine, plans, height, width } = stack;
  const { arena, kernels } = engine;
  const last = plans.length - 1;
  const mark = arena.mark();
  const weights = plans.map(({ forward, weight, bias }) => {
    const prepared = arena.allocate(forward.weightBytes);
    forward.prepare(weight.pointer, bias.pointer, prepared);
    return prepared;
  });
  const scratch = arena.allocate(Math.max(...plans.map(({ forward }) => forward.scratch)));
  forEachChunk(stack, (group, groups) => {
    for (const [i, { forward, outputs }] of plans.entries()) {
      const x = values[i](group);
      const y = values[i + 1](group);
      // Here and not for the whole batch, so that memory is in the cache when the layer is written to it.
      if (keep && i < last) kernels.imageClearBorder(y.pointer, groups * outputs, height, width);
      forward.run({ weights: weights[i], x, y, groups, rectify: i < last || rectify, scratch });
    }
  });
  arena.release(mark);
}

function runBackward(
  stack: Stack,
  values: readonly Layer[],
  gradients: readonly Layer[],
  input: Tensor,
  frozen: boolean,
): void {
  const { engine, plans } = stack;
  const { arena } = engine;
  const last = plans.length - 1;
  const wanted = plans.map((_, i) => i > 0 || input.hasGradient);
  const weights = plans.map(({ backward, weight }, i) => {
    if (!wanted[i]) return 0;
    const prepared = arena.allocate(backward.weightBytes);
    backward.prepare(weight.pointer, prepared);
    return prepared;
  });
  const sums = plans.map(({ backward, weight }) => {
    if (frozen) return undefined;
    return backward.sumBytes === 0 ? weight.gradient : arena.allocate(backward.sumBytes);
  });
  const scratch = arena.allocate(Math.max(...plans.map(({ backward }) => backward.scratch)));
  forEachChunk(stack, (group, groups) => {
    readAhead(stack, gradients[last + 1](group), plans[last].outputs, groups);
    for (let i = last; i >= 0; i--) {
      const { bias, inputs, backward } = plans[i];
      const x = values[i](group);
      const dy = gradients[i + 1](group);
      readAhead(stack, x, inputs, groups);
      backward.run({
        weights: weights[i],
        dy,
        x,
        sums: sums[i],
        fresh: group === 0,
        dBias: bias.gradient,
        dx: wanted[i] ? gradients[i](group) : undefined,
        groups,
        rectified: i > 0 || input.rectified,
        accumulate: i === 0 && input.gradientWritten,
        scratch,
      });
    }
  });
  for (const [i, { backward, weight }] of plans.entries()) {
    const sum = sums[i];
    if (sum !== undefined) backward.end(sum, weight.gradient);
  }
}

function forEachChunk({ groups, chunk }: Stack, run: (group: number, count: number) => void): void {
  for (let group = 0; group < groups; group += chunk) run(group, Math.min(chunk, groups - group));
}

/** Brings to the cache, in the order of memory, what the weight gradient's transforms read in another. */
function readAhead(
  { engine, plane }: Stack,
  { pointer, groupStride }: Images,
  channels: number,
  groups: number,
): void {
  for (let g = 0; g < groups; g++)
    engine.kernels.readAhead(pointer + 4 * g * groupStride, 4 * channels * plane);
}

// Of a layer's output: some of them and the kernels' matrices fit a second-level cache of 1 MiB.
const CACHE_FLOATS = 32 * 1024;

/** Groups that run through all layers before the next, given the floats of the widest layer's group. */
function chunkGroups(floats: number): number {
  const pairs = Math.floor(CACHE_FLOATS / (2 * floats));
  return 2 * Math.max(1, pairs);
}

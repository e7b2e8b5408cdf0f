import { allocate, type Context } from "../engine/context.js";
import type { Engine } from "../engine/engine.js";
import { describeShape, imageBytes, isVector, planePixels } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";
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
  const plans = layers.map((layer) => planConvolution(kernels, layer));
  const channels = plans[plans.length - 1].outputs;
  const y = allocate(context, { ...x.shape, channels }, x.samples, { rectified: rectify, lent: true });

  const plane = 4 * planePixels(x.shape);
  const chunk = Math.min(x.groups, chunkGroups(plane * Math.max(...plans.map(({ outputs }) => outputs))));
  const stack: Stack = { ...x.shape, engine, plans, plane, groups: x.groups, chunk };
  const mark = arena.mark();
  const values = [
    whole(x.pointer, x.channels, x.groupStride),
    ...(tape ? keptHiddenLayers(stack) : passingHiddenLayers(stack)),
    whole(y.pointer, y.channels, y.groupStride),
  ];
  runForward(stack, values, tape !== undefined, rectify);
  if (!tape) arena.release(mark);
  tape?.record(() => {
    // Before the mark: this gradient stays.
    const input = whole(x.gradient, x.channels, x.groupStride);
    const mark = arena.mark();
    const gradients = [input, ...passingHiddenLayers(stack), whole(y.gradient, y.channels, y.groupStride)];
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

/** Where a layer's images lie: the address of a group, and floats from group to group. */
interface Images {
  readonly channels: number;
  readonly groupStride: number;
  at(group: number): number;
}

const whole = (pointer: number, channels: number, groupStride: number): Images => ({
  channels,
  groupStride,
  at: (group) => pointer + 4 * group * groupStride,
});

const hidden = ({ plans }: Stack) => plans.slice(0, -1).map(({ outputs }) => outputs);

/** Memory for all groups, not cleared. */
function keptHiddenLayers(stack: Stack): Images[] {
  const { engine, plane, groups } = stack;
  return hidden(stack).map((channels) =>
    whole(engine.arena.allocate(imageBytes(stack, groups * channels)), channels, channels * plane),
  );
}

/** Memory for one chunk that all share in turn. */
function passingHiddenLayers(stack: Stack): Images[] {
  const { engine, plane, chunk } = stack;
  return hidden(stack).map((channels) => {
    const pointer = engine.arena.allocate(imageBytes(stack, chunk * channels));
    engine.kernels.imageClearBorder(pointer, chunk * channels, stack.height, stack.width);
    return { channels, groupStride: channels * plane, at: () => pointer };
  });
}

function runForward(stack: Stack, values: readonly Images[], keep: boolean, rectify: boolean): void {
  const { engine, plans, height, width } = stack;
  const { arena, kernels } = engine;
  const last = plans.length - 1;
  const mark = arena.mark();
  const weights = plans.map(({ forward, weight, bias, outputs, inputs }) => {
    const prepared = arena.allocate(forward.weightBytes(outputs, inputs));
    forward.prepare(weight.pointer, bias.pointer, prepared, outputs, inputs, 0);
    return prepared;
  });
  const scratch = arena.allocate(
    Math.max(...plans.map(({ forward, outputs, inputs }) => forward.scratch(outputs, inputs))),
  );
  forEachChunk(stack, (group, count) => {
    for (const [i, { forward, outputs, inputs }] of plans.entries()) {
      const x = values[i];
      const y = values[i + 1];
      // Here and not for the whole batch, so that memory is in the cache when the layer is written to it.
      if (keep && i < last) kernels.imageClearBorder(y.at(group), count * y.channels, height, width);
      forward.run(
        weights[i],
        x.at(group),
        x.groupStride,
        y.at(group),
        y.groupStride,
        outputs,
        inputs,
        count,
        height,
        width,
        i < last || rectify ? 1 : 0,
        0,
        0,
        scratch,
      );
    }
  });
  arena.release(mark);
}

function runBackward(
  stack: Stack,
  values: readonly Images[],
  gradients: readonly Images[],
  input: Tensor,
  frozen: boolean,
): void {
  const { engine, plans, height, width } = stack;
  const { arena, kernels } = engine;
  const last = plans.length - 1;
  const wanted = plans.map((_, i) => i > 0 || input.hasGradient);
  const weights = plans.map(({ backward, weight, outputs, inputs }, i) => {
    if (!wanted[i]) return 0;
    const prepared = arena.allocate(backward.weightBytes(inputs, outputs));
    backward.prepare(weight.pointer, 0, prepared, inputs, outputs, 1);
    return prepared;
  });
  const sums = plans.map(({ gradient, weight, outputs, inputs }) => {
    const bytes = frozen ? 0 : gradient.sumBytes(outputs, inputs);
    if (bytes === 0) return weight.gradient;
    const pointer = arena.allocate(bytes);
    kernels.fillZero(pointer, bytes / 4);
    return pointer;
  });
  const scratch = arena.allocate(
    Math.max(
      ...plans.map(({ backward, outputs, inputs }) => backward.scratch(inputs, outputs)),
      ...plans.map(({ gradient, outputs, inputs }) => gradient.scratch(outputs, inputs)),
    ),
  );
  const accumulate = input.gradientWritten ? 1 : 0;
  forEachChunk(stack, (group, count) => {
    readAhead(stack, gradients[last + 1], group, count);
    for (let i = last; i >= 0; i--) {
      const { bias, outputs, inputs, gradient, backward } = plans[i];
      const x = values[i];
      const dx = gradients[i];
      const dy = gradients[i + 1];
      readAhead(stack, x, group, count);
      if (!frozen) {
        kernels.convolutionBiasGradient(
          dy.at(group),
          dy.groupStride,
          bias.gradient,
          outputs,
          count,
          height,
          width,
        );
        gradient.run(
          dy.at(group),
          dy.groupStride,
          x.at(group),
          x.groupStride,
          sums[i],
          outputs,
          inputs,
          count,
          height,
          width,
          scratch,
        );
      }
      if (!wanted[i]) continue;
      const mask = i > 0 || input.rectified ? x.at(group) : 0;
      backward.run(
        weights[i],
        dy.at(group),
        dy.groupStride,
        dx.at(group),
        dx.groupStride,
        inputs,
        outputs,
        count,
        height,
        width,
        0,
        mask,
        i === 0 ? accumulate : 0,
        scratch,
      );
    }
  });
  if (frozen) return;
  for (const [i, { gradient, weight, outputs, inputs }] of plans.entries()) {
    gradient.end(sums[i], weight.gradient, outputs, inputs);
  }
}

function forEachChunk({ groups, chunk }: Stack, run: (group: number, count: number) => void): void {
  for (let group = 0; group < groups; group += chunk) run(group, Math.min(chunk, groups - group));
}

/** Brings to the cache, in the order of memory, what the weight gradient's transforms read in another. */
function readAhead({ engine, plane }: Stack, images: Images, group: number, count: number): void {
  for (let g = group; g < group + count; g++) {
    engine.kernels.readAhead(images.at(g), 4 * images.channels * plane);
  }
}

// Of a layer's output: some of them and the kernels' matrices fit a second-level cache of 1 MiB.
const CACHE_FLOATS = 32 * 1024;

/** Groups that run through all layers before the next, given the floats of the widest layer's group. */
function chunkGroups(floats: number): number {
  const pairs = Math.floor(CACHE_FLOATS / (2 * floats));
  return 2 * Math.max(1, pairs);
}

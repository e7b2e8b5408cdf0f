import { allocate, type Context } from "../engine/context.js";
import { describeShape, elements, isVector, type Shape, vector } from "../engine/shape.js";
import type { Tensor } from "../engine/tensor.js";

/**
 * 2x2 space to depth, (C,H,W) to (4C,H/2,W/2): y[4c + 2i + j][r][q] = x[c][2r + i][2q + j], the order of PyTorch's
 * pixel_unshuffle. Throws on an odd side, on a vector, and on the output of a ReLU.
 */
export function downsample(context: Context, x: Tensor): Tensor {
  const { channels, height, width } = x.shape;
  refuse(
    x,
    isVector(x.shape) || height % 2 !== 0 || width % 2 !== 0,
    "Downsampling",
    "an image with even sides",
  );
  // Of a 2x2 image the small images are single pixels, which are vectors: the same values in the same order.
  if (height === 2 && width === 2) return flatten(context, x);
  const { kernels } = context.engine;
  const y = allocate(context, { channels: 4 * channels, height: height / 2, width: width / 2 }, x.samples, {
    lent: true,
  });
  kernels.downsample(
    x.pointer,
    x.groupStride,
    y.pointer,
    y.groupStride,
    channels,
    height,
    width,
    x.groups,
    0,
  );
  recordBackward(context, x, y, (accumulate) =>
    kernels.upsample(
      y.gradient,
      y.groupStride,
      x.gradient,
      x.groupStride,
      channels,
      height,
      width,
      x.groups,
      accumulate,
    ),
  );
  return y;
}

/** The inverse of `downsample`, (4C,H,W) to (C,2H,2W). Throws where the channels are no multiple of 4. */
export function upsample(context: Context, x: Tensor): Tensor {
  const channels = x.channels / 4;
  const height = 2 * x.shape.height;
  const width = 2 * x.shape.width;
  refuse(x, x.channels % 4 !== 0, "Upsampling", "a multiple of 4 channels");
  if (isVector(x.shape)) return unflatten(context, x, { channels, height, width });
  const { kernels } = context.engine;
  const y = allocate(context, { channels, height, width }, x.samples, { lent: true });
  kernels.upsample(x.pointer, x.groupStride, y.pointer, y.groupStride, channels, height, width, x.groups, 0);
  recordBackward(context, x, y, (accumulate) =>
    kernels.downsample(
      y.gradient,
      y.groupStride,
      x.gradient,
      x.groupStride,
      channels,
      height,
      width,
      x.groups,
      accumulate,
    ),
  );
  return y;
}

/** (C,H,W) to the vector of its C*H*W values in the order c, h, w. Throws on a vector and on the output of a ReLU. */
export function flatten(context: Context, x: Tensor): Tensor {
  const { channels, height, width } = x.shape;
  refuse(x, isVector(x.shape), "Flattening", "an image");
  const { kernels } = context.engine;
  const y = allocate(context, vector(elements(x.shape)), x.samples, { lent: true });
  kernels.flatten(x.pointer, x.groupStride, y.pointer, y.channelStride, channels, height, width, x.groups, 0);
  recordBackward(context, x, y, (accumulate) =>
    kernels.unflatten(
      y.gradient,
      y.channelStride,
      x.gradient,
      x.groupStride,
      channels,
      height,
      width,
      x.groups,
      accumulate,
    ),
  );
  return y;
}

/** The inverse of `flatten`: a vector to an image of `shape`, which must have as many values. */
export function unflatten(context: Context, x: Tensor, shape: Shape): Tensor {
  const { channels, height, width } = shape;
  refuse(
    x,
    !isVector(x.shape) || isVector(shape) || x.channels !== elements(shape),
    "Unflattening",
    `a vector of the values of an image ${describeShape(shape)}`,
  );
  const { kernels } = context.engine;
  const y = allocate(context, shape, x.samples, { lent: true });
  kernels.unflatten(
    x.pointer,
    x.channelStride,
    y.pointer,
    y.groupStride,
    channels,
    height,
    width,
    y.groups,
    0,
  );
  recordBackward(context, x, y, (accumulate) =>
    kernels.flatten(
      y.gradient,
      y.groupStride,
      x.gradient,
      x.channelStride,
      channels,
      height,
      width,
      y.groups,
      accumulate,
    ),
  );
  return y;
}

function refuse(x: Tensor, wrongShape: boolean, operation: string, expected: string): void {
  if (wrongShape) throw new Error(`${operation} expects ${expected}; got ${describeShape(x.shape)}.`);
  if (x.rectified) throw new Error(`${operation} the output of a ReLU is not supported: it has no mask.`);
}

function recordBackward(
  context: Context,
  x: Tensor,
  y: Tensor,
  backward: (accumulate: number) => void,
): void {
  context.tape?.record(() => {
    if (!x.hasGradient) return;
    backward(x.gradientWritten ? 1 : 0);
    x.markGradientWritten();
  }, y);
}

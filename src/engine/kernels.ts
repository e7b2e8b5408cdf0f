import type { ConvolutionKernels } from "./convolution-kernels.js";
import type { DensityKernels } from "./density-kernels.js";

/**
 * What the compiled kernels export. Addresses are in bytes, strides and counts in floats; each kernel's layout
 * and equations are documented beside its source in `kernels/`.
 */
export interface Kernels extends ConvolutionKernels, DensityKernels {
  /** y = [y +] W x [+ bias], then ReLU or a mask, over feature-major rows. */
  linear(
    weight: number,
    rowStride: number,
    columnStride: number,
    bias: number,
    x: number,
    xStride: number,
    y: number,
    yStride: number,
    outputs: number,
    inputs: number,
    batch: number,
    rectify: number,
    mask: number,
    maskStride: number,
    accumulate: number,
  ): void;
  linearWeightGradient(
    dy: number,
    dyStride: number,
    x: number,
    xStride: number,
    dWeight: number,
    dBias: number,
    outputs: number,
    inputs: number,
    batch: number,
  ): void;
  /** The same for inputs that are a multiple of 8, where dWeight does not stay in a near cache; scratch: inputs * xStride floats. */
  linearWeightGradientByRows(
    dy: number,
    dyStride: number,
    x: number,
    xStride: number,
    dWeight: number,
    dBias: number,
    outputs: number,
    inputs: number,
    batch: number,
    scratch: number,
  ): void;
  /** Samples [samples][channels * height * width] into an image tensor, and back. */
  imageLoad(
    source: number,
    image: number,
    samples: number,
    channels: number,
    height: number,
    width: number,
  ): void;
  imageStore(
    image: number,
    target: number,
    samples: number,
    channels: number,
    height: number,
    width: number,
  ): void;
  /** Zeroes what is not image in `planes` consecutive planes, and the border that follows them. */
  imageClearBorder(image: number, planes: number, height: number, width: number): void;
  /** Brings memory into the cache in the order that the hardware prefetches. */
  readAhead(from: number, bytes: number): void;
  /** 2x2 space to depth and back; channels, height and width are those of the larger image. */
  downsample(
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    channels: number,
    height: number,
    width: number,
    groups: number,
    accumulate: number,
  ): void;
  upsample(
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    channels: number,
    height: number,
    width: number,
    groups: number,
    accumulate: number,
  ): void;
  /** Image tensor to feature-major rows in the order c, h, w, and back. */
  flatten(
    x: number,
    xGroupStride: number,
    y: number,
    rowStride: number,
    channels: number,
    height: number,
    width: number,
    groups: number,
    accumulate: number,
  ): void;
  unflatten(
    x: number,
    rowStride: number,
    y: number,
    yGroupStride: number,
    channels: number,
    height: number,
    width: number,
    groups: number,
    accumulate: number,
  ): void;
  couplingForward(
    x: number,
    xGroupStride: number,
    st: number,
    stGroupStride: number,
    y: number,
    yGroupStride: number,
    groups: number,
    channels: number,
    inner: number,
    channelStride: number,
    mode: number,
    sum: number,
    logDeterminant: number,
  ): void;
  couplingInverse(
    y: number,
    yGroupStride: number,
    st: number,
    stGroupStride: number,
    x: number,
    xGroupStride: number,
    groups: number,
    channels: number,
    inner: number,
    channelStride: number,
    mode: number,
    sum: number,
  ): void;
  couplingBackward(
    x: number,
    xGroupStride: number,
    st: number,
    stGroupStride: number,
    dy: number,
    dyGroupStride: number,
    dx: number,
    dxGroupStride: number,
    dst: number,
    accumulate: number,
    groups: number,
    channels: number,
    inner: number,
    channelStride: number,
    mode: number,
    sum: number,
    dLogDeterminant: number,
  ): void;
  permute(
    x: number,
    xGroupStride: number,
    y: number,
    yGroupStride: number,
    table: number,
    groups: number,
    channels: number,
    inner: number,
    channelStride: number,
    accumulate: number,
  ): void;
  /** Activations in place, with their derivatives at `slopes` (0: none), and the way back; kernels/activation.ts. */
  activate(
    y: number,
    stride: number,
    slopes: number,
    rows: number,
    batch: number,
    kind: number,
    leak: number,
  ): void;
  activateGradient(dy: number, stride: number, slopes: number, rows: number, batch: number): void;
  /** Rows of a table by class, and their gradient added to the table's. */
  embed(
    table: number,
    labels: number,
    rows: number,
    stride: number,
    width: number,
    batch: number,
    accumulate: number,
  ): void;
  embedGradient(
    dRows: number,
    stride: number,
    labels: number,
    dTable: number,
    width: number,
    samples: number,
  ): void;
  maxout(
    x: number,
    xStride: number,
    y: number,
    yStride: number,
    pieces: number,
    width: number,
    batch: number,
  ): void;
  maxoutGradient(
    x: number,
    dx: number,
    xStride: number,
    y: number,
    dy: number,
    yStride: number,
    pieces: number,
    width: number,
    batch: number,
  ): void;
  adam(
    values: number,
    gradients: number,
    m: number,
    v: number,
    length: number,
    gradientScale: number,
    stepSize: number,
    rootCorrection: number,
    b1: number,
    b2: number,
    epsilon: number,
  ): void;
  squaredNorm(at: number, length: number): number;
  fillZero(at: number, length: number): void;
  /** target[i] += source[i]; length is a multiple of 4. */
  addTo(target: number, source: number, length: number): void;
  /** Twelve vectors of multiply-adds a round, without memory: what the processor can do at most. */
  multiplyAdds(rounds: number, x: number, y: number): number;
  /** `count` counters from `first` on, two words each; count a multiple of 4. */
  randomWords(at: number, count: number, key0: number, key1: number, stream: number, first: number): void;
  /** Draws `count` places of an order, from `last` downwards, by words of randomWords. */
  shuffle(order: number, last: number, words: number, count: number): void;
  addNormal(
    at: number,
    length: number,
    key0: number,
    key1: number,
    stream: number,
    first: number,
    sigma: number,
  ): void;
  /** Samples of `size` floats chosen by 32-bit indices, one after the other to target. */
  gatherSamples(source: number, indices: number, target: number, samples: number, size: number): void;
  rowsLoad(
    source: number,
    rows: number,
    stride: number,
    samples: number,
    padded: number,
    features: number,
  ): void;
  rowsStore(rows: number, stride: number, target: number, samples: number, features: number): void;
}

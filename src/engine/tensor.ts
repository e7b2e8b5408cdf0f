import type { Engine } from "./engine.js";
import { type GradientMemory, type GradientPool, keptMemory } from "./gradient-memory.js";
import { imageBytes, isVector, planePixels, type Shape } from "./shape.js";

/**
 * A batch in kernel memory, [group][channel][inner], with its gradient beside it.
 *
 * Vectors are feature-major: one group, one channel a feature, `inner` runs along the batch padded to 8.
 * Images come in groups of 4: inner is [row][column][4 images], each plane and each of its rows after a border of
 * zeros that is the end of the one before, as kernels/image.ts says; the number of groups is even. The lanes beyond
 * `samples` hold anything finite and carry no gradient.
 */
export class Tensor {
  private constructor(
    readonly shape: Shape,
    readonly samples: number,
    readonly pointer: number,
    /** Undefined where no gradient is wanted. */
    private readonly gradientMemory: GradientMemory | undefined,
    /** Bytes from that memory's start to this tensor's channels. */
    private readonly gradientOffset: number,
    readonly groups: number,
    readonly channels: number,
    readonly inner: number,
    /** In floats, as every stride. */
    readonly channelStride: number,
    readonly groupStride: number,
    /** The output of a ReLU: whoever stores its gradient multiplies by (value > 0). */
    readonly rectified: boolean,
    /** By channel, shared with slices: 1 when the first contribution to the gradient has been stored. */
    private readonly written: Uint8Array,
  ) {}

  static allocate(
    { arena, kernels }: Engine,
    shape: Shape,
    samples: number,
    options: { gradient: boolean | GradientPool; rectified?: boolean },
  ): Tensor {
    const { groups, inner, channelStride } = layout(shape, samples);
    const groupStride = shape.channels * channelStride;
    const bytes = isVector(shape) ? 4 * groupStride : imageBytes(shape, groups * shape.channels);
    const reserve = () => {
      const at = arena.allocate(bytes);
      // The border of an image plane stays zero, whatever the arena held before.
      if (!isVector(shape)) kernels.imageClearBorder(at, groups * shape.channels, shape.height, shape.width);
      return at;
    };
    const pointer = reserve();
    const { gradient } = options;
    const memory =
      typeof gradient === "object"
        ? gradient.lend(`${bytes} bytes, ${shape.height} x ${shape.width}`, reserve)
        : gradient
          ? keptMemory(reserve())
          : undefined;
    return new Tensor(
      shape,
      samples,
      pointer,
      memory,
      0,
      groups,
      shape.channels,
      inner,
      channelStride,
      groupStride,
      options.rectified ?? false,
      new Uint8Array(shape.channels),
    );
  }

  /** Channels [from, to), sharing memory and gradient with this tensor. */
  slice(from: number, to: number): Tensor {
    const offset = 4 * from * this.channelStride;
    return new Tensor(
      { ...this.shape, channels: to - from },
      this.samples,
      this.pointer + offset,
      this.gradientMemory,
      this.gradientOffset + offset,
      this.groups,
      to - from,
      this.inner,
      this.channelStride,
      this.groupStride,
      this.rectified,
      this.written.subarray(from, to),
    );
  }

  get hasGradient(): boolean {
    return this.gradientMemory !== undefined;
  }

  /** Address of the gradient, or 0 where none is wanted. A gradient that is lent takes memory from the first request on. */
  get gradient(): number {
    return this.gradientMemory ? this.gradientMemory.address() + this.gradientOffset : 0;
  }

  /** Reserves memory for a gradient that was only to be lent, for as long as the values have theirs. */
  keepGradient(): void {
    this.gradientMemory?.keep();
  }

  /** Says that the gradient has been passed on; what is lent of it goes back. */
  releaseGradient(): void {
    this.gradientMemory?.release();
  }

  /** Whether the gradient holds something to add to. Throws where some of its channels do and others do not. */
  get gradientWritten(): boolean {
    const isWritten = this.written.includes(1);
    if (isWritten && this.written.includes(0)) {
      throw new Error("The gradient of a tensor has been stored for some of its channels only.");
    }
    return isWritten;
  }

  markGradientWritten(): void {
    this.written.fill(1);
  }
}

/** How a batch of `samples` samples of `shape` lies in memory; sizes in floats. */
export function layout(
  shape: Shape,
  samples: number,
): { groups: number; inner: number; channelStride: number } {
  const padded = 8 * Math.max(1, Math.ceil(samples / 8));
  if (isVector(shape)) {
    // Rows a multiple of 4096 bytes apart fall into the same cache sets.
    return { groups: 1, inner: padded, channelStride: padded % 1024 === 0 ? padded + 8 : padded };
  }
  const inner = 4 * planePixels(shape);
  return { groups: padded / 4, inner, channelStride: inner };
}

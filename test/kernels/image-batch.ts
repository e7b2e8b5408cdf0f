import assert from "node:assert/strict";
import type { Engine } from "../../src/engine/engine.js";
import { layout, type Tensor } from "../../src/engine/tensor.js";

/** Where a batch of images lies in kernel memory: an image tensor, or one whose images are single pixels. */
export interface ImageBatch {
  readonly shape: { channels: number; height: number; width: number };
  readonly samples: number;
  readonly pointer: number;
  readonly groups: number;
  readonly channelStride: number;
  readonly groupStride: number;
}

export function batchOf(tensor: Tensor, pointer = tensor.pointer): ImageBatch {
  const { shape, samples, groups, channelStride, groupStride } = tensor;
  return { shape, samples, pointer, groups, channelStride, groupStride };
}

/** Pixels from row to row of a plane in memory: one of border, and the tiles of 4 and 3 that cover a side. */
export const pitch = (side: number) => 1 + Math.max(side, 3 * Math.ceil(side / 4));

/** Channels [offset, offset + channels) of a zeroed batch that has `extra` channels more. */
export function allocateImages(
  engine: Engine,
  shape: { channels: number; height: number; width: number },
  samples: number,
  extra = 0,
  offset = 0,
): ImageBatch {
  const groups = 2 * Math.ceil(samples / 8);
  const channelStride = 16 * Math.ceil((pitch(shape.height) * pitch(shape.width)) / 4);
  const groupStride = (shape.channels + extra) * channelStride;
  const bytes = 4 * groups * groupStride + 16 * (pitch(shape.width) + 1);
  const pointer = engine.arena.allocateZeroed(bytes) + 4 * offset * channelStride;
  if (shape.height > 1) assert.equal(layout(shape, samples).channelStride, channelStride);
  return { shape, samples, pointer, groups, channelStride, groupStride };
}

// Calls `visit` for every pixel of every sample: its index in sample-major order, and among the floats of memory.
function pixels(batch: ImageBatch, visit: (sampleMajor: number, memory: number) => void): void {
  const { channels, height, width } = batch.shape;
  const row = 4 * pitch(width);
  let index = 0;
  for (let s = 0; s < batch.samples; s++) {
    for (let c = 0; c < channels; c++) {
      const plane =
        batch.pointer / 4 + Math.floor(s / 4) * batch.groupStride + c * batch.channelStride + (s % 4);
      for (let r = 0; r < height; r++) {
        for (let q = 0; q < width; q++) visit(index++, plane + (r + 1) * row + 4 * (q + 1));
      }
    }
  }
}

/** Puts values in; the lanes beyond the samples become zero. */
export function writeImages(engine: Engine, batch: ImageBatch, values: ArrayLike<number>): void {
  const floats = engine.memory.floats(0, engine.memory.byteLength / 4);
  pixels({ ...batch, samples: 4 * batch.groups }, (_, at) => {
    floats[at] = 0;
  });
  pixels(batch, (index, at) => {
    floats[at] = values[index];
  });
}

export function readImages(engine: Engine, batch: ImageBatch): Float32Array {
  const { channels, height, width } = batch.shape;
  const values = new Float32Array(batch.samples * channels * height * width);
  const floats = engine.memory.floats(0, engine.memory.byteLength / 4);
  pixels(batch, (index, at) => {
    values[index] = floats[at];
  });
  return values;
}

/** Sets the lanes beyond the samples, which may hold anything finite. */
export function fillSpareLanes(engine: Engine, batch: ImageBatch, value: number): void {
  const whole = { ...batch, samples: 4 * batch.groups };
  const { channels, height, width } = batch.shape;
  const real = batch.samples * channels * height * width;
  const floats = engine.memory.floats(0, engine.memory.byteLength / 4);
  pixels(whole, (index, at) => {
    if (index >= real) floats[at] = value;
  });
}

/** All of a plane but its image must be zero, and the border that follows it, as all kernels count on. */
export function assertZeroBorder(engine: Engine, batch: ImageBatch): void {
  const { channels, height, width } = batch.shape;
  const columns = pitch(width);
  for (let g = 0; g < batch.groups; g++) {
    for (let c = 0; c < channels; c++) {
      const start = batch.pointer + 4 * (g * batch.groupStride + c * batch.channelStride);
      const plane = engine.memory.floats(start, batch.channelStride + 4 * (columns + 1));
      for (let i = 0; i < plane.length; i++) {
        const row = Math.floor(i / (4 * columns));
        const column = Math.floor(i / 4) % columns;
        if (row >= 1 && row <= height && column >= 1 && column <= width) continue;
        assert.equal(plane[i], 0, `row ${row}, column ${column} of channel ${c} in group ${g}`);
      }
    }
  }
}

/** Fills the free memory with NaN, so that whatever reads what it has not written shows. */
export function poison(engine: Engine, bytes = 1 << 22): void {
  const mark = engine.arena.mark();
  engine.memory.floats(engine.arena.allocate(bytes), bytes / 4).fill(Number.NaN);
  engine.arena.release(mark);
}

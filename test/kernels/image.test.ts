import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Context } from "../../src/engine/context.js";
import { Engine } from "../../src/engine/engine.js";
import { elements, imageBytes, isVector, type Shape, vector } from "../../src/engine/shape.js";
import { Tape } from "../../src/engine/tape.js";
import { Tensor } from "../../src/engine/tensor.js";
import { downsample, flatten, unflatten, upsample } from "../../src/nn/image-layout.js";
import { randomValues } from "./convolution-reference.js";
import { allocateImages, assertZeroBorder, batchOf, poison, readImages, writeImages } from "./image-batch.js";

const image = (channels: number, height: number, width: number): Shape => ({ channels, height, width });

const SHAPES = [
  image(1, 1, 1),
  image(3, 5, 3),
  image(2, 7, 7),
  image(1, 28, 28),
  image(16, 14, 14),
  image(5, 4, 6),
];
const SAMPLES = [1, 3, 8, 13, 240];

/** pixel_unshuffle on sample-major values. */
function unshuffled(
  values: ArrayLike<number>,
  { channels, height, width }: Shape,
  samples: number,
): Float32Array {
  const result = new Float32Array(values.length);
  let index = 0;
  for (let s = 0; s < samples; s++) {
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < 2; i++) {
        for (let j = 0; j < 2; j++) {
          for (let r = i; r < height; r += 2) {
            for (let q = j; q < width; q += 2) {
              result[index++] = values[((s * channels + c) * height + r) * width + q];
            }
          }
        }
      }
    }
  }
  return result;
}

function write(engine: Engine, tensor: Tensor, values: ArrayLike<number>, pointer = tensor.pointer): void {
  if (!isVector(tensor.shape)) {
    writeImages(engine, batchOf(tensor, pointer), values);
    return;
  }
  const rows = engine.memory.floats(pointer, tensor.channels * tensor.channelStride);
  for (let s = 0; s < tensor.samples; s++) {
    for (let c = 0; c < tensor.channels; c++)
      rows[c * tensor.channelStride + s] = values[s * tensor.channels + c];
  }
}

function read(engine: Engine, tensor: Tensor, pointer = tensor.pointer): Float32Array {
  if (!isVector(tensor.shape)) return readImages(engine, batchOf(tensor, pointer));
  const rows = engine.memory.floats(pointer, tensor.channels * tensor.channelStride);
  return Float32Array.from(
    { length: tensor.samples * tensor.channels },
    (_, i) => rows[(i % tensor.channels) * tensor.channelStride + Math.floor(i / tensor.channels)],
  );
}

for (const build of ["plain", "relaxed"] as const) {
  describe(`image layout, ${build} build`, () => {
    test("imageLoad puts every pixel in its place, zero elsewhere, and imageStore is its inverse", async () => {
      const engine = await Engine.create({ build });
      for (const shape of SHAPES) {
        for (const samples of SAMPLES) {
          const mark = engine.arena.mark();
          const values = randomValues(samples * elements(shape), samples);
          const source = engine.arena.allocate(values.byteLength);
          const target = engine.arena.allocate(values.byteLength + 4);
          const batch = allocateImages(engine, shape, samples);
          engine.memory.floats(source, values.length).set(values);
          engine.memory.floats(target, values.length + 1).fill(7);

          const { channels, height, width } = shape;
          engine.kernels.imageLoad(source, batch.pointer, samples, channels, height, width);
          assert.deepEqual(readImages(engine, batch), values);
          assertZeroBorder(engine, batch);
          const all = engine.memory.floats(batch.pointer, batch.groups * batch.groupStride);
          let set = 0;
          for (const value of all) if (value !== 0) set++;
          assert.equal(set, values.length);

          engine.kernels.imageStore(batch.pointer, target, samples, channels, height, width);
          assert.deepEqual(engine.memory.floats(target, values.length), values);
          assert.equal(engine.memory.floats(target + values.byteLength, 1)[0], 7);
          engine.arena.release(mark);
        }
      }
    });

    test("imageClearBorder zeroes all but the images", async () => {
      const engine = await Engine.create({ build });
      for (const shape of SHAPES) {
        const mark = engine.arena.mark();
        const batch = allocateImages(engine, shape, 13);
        const planes = batch.groups * shape.channels;
        const length = imageBytes(shape, planes) / 4;
        const all = engine.memory.floats(batch.pointer, length + 16).fill(3);
        engine.kernels.imageClearBorder(batch.pointer, planes, shape.height, shape.width);
        assertZeroBorder(engine, batch);
        const kept = all.subarray(0, length).filter((value) => value === 3).length;
        assert.equal(kept, 4 * planes * shape.height * shape.width);
        assert.deepEqual([...all.subarray(length)], Array(16).fill(3));
        engine.arena.release(mark);
      }
    });

    const OPERATIONS = [
      {
        name: "downsample is pixel_unshuffle",
        shapes: [image(1, 28, 28), image(4, 14, 14), image(3, 2, 6), image(5, 2, 2)],
        apply: downsample,
        expected: unshuffled,
        output: ({ channels, height, width }: Shape) => image(4 * channels, height / 2, width / 2),
      },
      {
        name: "flatten orders by channel, row, column",
        shapes: [image(16, 7, 7), image(3, 5, 3), image(1, 28, 28)],
        apply: flatten,
        expected: (values: Float32Array) => values,
        output: (shape: Shape) => vector(elements(shape)),
      },
    ];

    for (const { name, shapes, apply, expected, output } of OPERATIONS) {
      const inverse = (context: Context, y: Tensor, shape: Shape) =>
        apply === flatten ? unflatten(context, y, shape) : upsample(context, y);

      test(`${name}; its inverse takes it back, gradients go the opposite way`, async () => {
        const engine = await Engine.create({ build });
        for (const shape of shapes) {
          for (const samples of SAMPLES) {
            const mark = engine.arena.mark();
            const values = randomValues(samples * elements(shape), 1);
            const tape = new Tape();
            const context = { engine, tape };
            poison(engine);
            // A slice, because its groups lie further apart than its channels say.
            const whole = Tensor.allocate(engine, { ...shape, channels: shape.channels + 3 }, samples, {
              gradient: true,
            });
            const x = whole.slice(1, 1 + shape.channels);
            write(engine, x, values);

            const y = apply(context, x);
            assert.deepEqual(y.shape, output(shape));
            assert.deepEqual(read(engine, y), expected(values, shape, samples));
            const back = inverse(context, y, shape);
            assert.deepEqual(back.shape, shape);
            assert.deepEqual(read(engine, back), values);

            const seed = randomValues(values.length, 2);
            write(engine, back, seed, back.gradient);
            const dSum = randomValues(values.length, 3);
            write(engine, x, dSum, x.gradient);
            x.markGradientWritten();
            tape.backward();
            assert.deepEqual(read(engine, y, y.gradient), expected(seed, shape, samples));
            assert.deepEqual(
              read(engine, x, x.gradient),
              dSum.map((value, i) => value + seed[i]),
              "added to what was there",
            );
            for (const tensor of [y, back, x]) {
              if (isVector(tensor.shape)) continue;
              assertZeroBorder(engine, batchOf(tensor));
              assertZeroBorder(engine, batchOf(tensor, tensor.gradient));
            }
            engine.arena.release(mark);
          }
        }
      });
    }

    test("what cannot be done is refused", async () => {
      const engine = await Engine.create({ build });
      const context = { engine };
      const tensor = (shape: Shape, rectified = false) =>
        Tensor.allocate(engine, shape, 3, { gradient: false, rectified });
      assert.throws(() => downsample(context, tensor(image(1, 5, 4))), /even sides; got \(1,5,4\)/);
      assert.throws(() => downsample(context, tensor(vector(4))), /even sides; got \(4\)/);
      assert.throws(() => upsample(context, tensor(image(6, 4, 4))), /multiple of 4 channels; got \(6,4,4\)/);
      assert.throws(() => flatten(context, tensor(vector(4))), /an image; got \(4\)/);
      assert.throws(() => unflatten(context, tensor(vector(4)), image(1, 2, 3)), /\(1,2,3\); got \(4\)/);
      assert.throws(() => flatten(context, tensor(image(1, 4, 4), true)), /ReLU/);
    });
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelBuild } from "../../src/engine/compile-kernels.js";
import { Engine } from "../../src/engine/engine.js";
import type { Kernels } from "../../src/engine/kernels.js";
import type { BackwardMethod, ForwardMethod, Sizes } from "../../src/nn/convolution-methods.js";
import {
  type ConvolutionSizes,
  describeSizes,
  randomValues,
  referenceConvolution,
  referenceGradients,
  relativeError,
} from "./convolution-reference.js";
import {
  allocateImages,
  assertZeroBorder,
  fillSpareLanes,
  type ImageBatch,
  poison,
  readImages,
  writeImages,
} from "./image-batch.js";

/** One way to convolve, and how far from double precision it may be as a fraction of the largest value. */
export interface ConvolutionFamily {
  build: KernelBuild;
  forward(kernels: Kernels, sizes: Sizes): ForwardMethod;
  backward(kernels: Kernels, sizes: Sizes): BackwardMethod;
  bound: number;
  cases: ConvolutionSizes[];
}

const relu = (values: Float64Array) => values.map((value) => Math.max(value, 0));
const plus = (values: Float64Array, others: Float32Array) => values.map((value, i) => value + others[i]);

/** Every kernel of a family against double precision, on channel slices of larger batches. */
export function testConvolutionKernels(family: ConvolutionFamily): void {
  for (const sizes of family.cases) {
    const { samples, inputs, outputs, height, width } = sizes;
    test(describeSizes(sizes), async () => {
      const engine = await Engine.create({ build: family.build });
      const { kernels, arena, memory } = engine;
      const forward = family.forward(kernels, sizes);
      const backward = family.backward(kernels, sizes);
      poison(engine);
      const check = (actual: Float32Array, reference: Float64Array, what: string, bound = family.bound) => {
        const error = relativeError(actual, reference);
        assert.ok(error <= bound, `${what}: error ${error} of the largest value`);
      };
      const parameters = (length: number, seed: number) => {
        const values = randomValues(length, seed);
        const pointer = arena.allocate(values.byteLength);
        memory.floats(pointer, length).set(values);
        return { values, pointer };
      };
      const images = (channels: number, seed: number, extra: number, offset: number) => {
        const batch = allocateImages(engine, { channels, height, width }, samples, extra, offset);
        const values = randomValues(samples * channels * height * width, seed);
        writeImages(engine, batch, values);
        return { values, batch };
      };
      const weight = parameters(9 * inputs * outputs, 1);
      const bias = parameters(outputs, 2);
      const x = images(inputs, 3, 2, 1);
      fillSpareLanes(engine, x.batch, 3);
      const dy = images(outputs, 4, 1, 1);
      const before = images(outputs, 5, 3, 2);
      const dxBefore = images(inputs, 6, 2, 1);

      // Memory full of NaN, that nothing must be written beyond.
      const guarded = (bytes: number, use: (pointer: number) => void) => {
        const mark = arena.mark();
        const pointer = arena.allocate(bytes);
        const guard = arena.allocate(64) - pointer;
        memory.bytes(pointer, guard + 64).fill(255);
        use(pointer);
        assert.ok(memory.bytes(pointer + bytes, guard + 64 - bytes).every((byte) => byte === 255));
        arena.release(mark);
      };

      const y = before.batch;
      const expected = referenceConvolution(sizes, weight.values, bias.values, x.values);
      for (const rectify of [false, true]) {
        writeImages(engine, y, before.values);
        guarded(forward.weightBytes, (weights) => {
          forward.prepare(weight.pointer, bias.pointer, weights);
          guarded(forward.scratch, (scratch) =>
            forward.run({ weights, x: x.batch, y, groups: y.groups, rectify, scratch }),
          );
        });
        check(readImages(engine, y), rectify ? relu(expected) : expected, "y");
        assertZeroBorder(engine, y);
      }

      const dWeight = parameters(9 * inputs * outputs, 7);
      const dBias = parameters(outputs, 8);
      const guard = parameters(16, 9);
      // In two calls, as over two halves of a batch.
      const half = 2 * Math.floor(y.groups / 4);
      const parts = [
        { group: 0, groups: half },
        { group: half, groups: y.groups - half },
      ];
      const part = ({ pointer, groupStride }: ImageBatch, group: number) => ({
        pointer: pointer + 4 * group * groupStride,
        groupStride,
      });
      const dx = dxBefore.batch;
      const gradientsOf = (wanted: { dx?: true; sums?: number; rectified: boolean; accumulate: boolean }) =>
        guarded(backward.weightBytes, (weights) => {
          backward.prepare(weight.pointer, weights);
          for (const { group, groups } of parts) {
            guarded(backward.scratch, (scratch) =>
              backward.run({
                ...wanted,
                weights,
                fresh: group === 0,
                dBias: dBias.pointer,
                dy: part(dy.batch, group),
                x: part(x.batch, group),
                dx: wanted.dx && part(dx, group),
                groups,
                scratch,
              }),
            );
          }
        });

      const gradients = referenceGradients(sizes, weight.values, x.values, dy.values);
      const masked = gradients.dx.map((value, i) => (x.values[i] > 0 ? value : 0));
      for (const [rectified, accumulate] of [
        [false, false],
        [false, true],
        [true, false],
        [true, true],
      ]) {
        writeImages(engine, dx, dxBefore.values);
        gradientsOf({ dx: true, rectified, accumulate });
        const wanted = rectified ? masked : gradients.dx;
        check(readImages(engine, dx), accumulate ? plus(wanted, dxBefore.values) : wanted, "dx");
        assertZeroBorder(engine, dx);
      }

      // Those of weights and biases by themselves, then together with the input's: twice in all.
      const summed = (use: (sums: number) => void) => {
        if (backward.sumBytes === 0) use(dWeight.pointer);
        else {
          guarded(backward.sumBytes, (sums) => {
            use(sums);
            backward.end(sums, dWeight.pointer);
          });
        }
      };
      summed((sums) => gradientsOf({ sums, rectified: false, accumulate: false }));
      writeImages(engine, dx, dxBefore.values);
      summed((sums) => gradientsOf({ dx: true, sums, rectified: true, accumulate: false }));
      check(readImages(engine, dx), masked, "dx beside dWeight");
      assertZeroBorder(engine, dx);
      const twice = (values: Float64Array) => values.map((value) => 2 * value);
      const sum = plus(twice(gradients.dWeight), dWeight.values);
      check(memory.floats(dWeight.pointer, sum.length), sum, "dWeight");
      check(memory.floats(dBias.pointer, outputs), plus(twice(gradients.dBias), dBias.values), "dBias", 4e-6);
      assert.deepEqual(memory.floats(guard.pointer, 16), guard.values);
    });
  }
}

import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelBuild } from "../../src/engine/compile-kernels.js";
import { Engine } from "../../src/engine/engine.js";
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
  method: "Direct" | "Winograd";
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
      const run = kernels[`convolution${family.method}`];
      const prepare = kernels[`convolution${family.method}Weights`];
      const weightBytes = kernels[`convolution${family.method}WeightBytes`];
      const scratchBytes = kernels[`convolution${family.method}Scratch`];
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
      const prepared = (
        to: number,
        from: number,
        bias: number,
        transposed: number,
        use: (weights: number) => void,
      ) =>
        guarded(weightBytes(to, from), (weights) => {
          prepare(weight.pointer, bias, weights, to, from, transposed);
          use(weights);
        });

      const y = before.batch;
      const expected = referenceConvolution(sizes, weight.values, bias.values, x.values);
      const unbiased = expected.map(
        (value, i) => value - bias.values[Math.floor(i / (height * width)) % outputs],
      );
      for (const [biased, rectify, accumulate] of [
        [1, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
      ]) {
        writeImages(engine, y, before.values);
        prepared(outputs, inputs, biased * bias.pointer, 0, (weights) =>
          guarded(scratchBytes(outputs, inputs), (scratch) =>
            run(
              weights,
              x.batch.pointer,
              x.batch.groupStride,
              y.pointer,
              y.groupStride,
              outputs,
              inputs,
              y.groups,
              height,
              width,
              rectify,
              0,
              accumulate,
              scratch,
            ),
          ),
        );
        const linear = biased ? expected : unbiased;
        const active = rectify ? relu(linear) : linear;
        check(readImages(engine, y), accumulate ? plus(active, before.values) : active, "y");
        assertZeroBorder(engine, y);
      }

      const gradients = referenceGradients(sizes, weight.values, x.values, dy.values);
      const masked = gradients.dx.map((value, i) => (x.values[i] > 0 ? value : 0));
      for (const [mask, accumulate] of [
        [0, 0],
        [1, 0],
        [1, 1],
      ]) {
        const dx = dxBefore.batch;
        writeImages(engine, dx, dxBefore.values);
        prepared(inputs, outputs, 0, 1, (weights) =>
          guarded(scratchBytes(inputs, outputs), (scratch) =>
            run(
              weights,
              dy.batch.pointer,
              dy.batch.groupStride,
              dx.pointer,
              dx.groupStride,
              inputs,
              outputs,
              y.groups,
              height,
              width,
              0,
              mask * x.batch.pointer,
              accumulate,
              scratch,
            ),
          ),
        );
        const wanted = mask ? masked : gradients.dx;
        check(readImages(engine, dx), accumulate ? plus(wanted, dxBefore.values) : wanted, "dx");
        assertZeroBorder(engine, dx);
      }

      const dWeight = parameters(9 * inputs * outputs, 7);
      const dBias = parameters(outputs, 8);
      const guard = parameters(16, 9);
      // In two calls, as over two halves of a batch.
      const half = 2 * Math.floor(y.groups / 4);
      const parts = [
        { group: 0, count: half },
        { group: half, count: y.groups - half },
      ];
      const at = (batch: ImageBatch, group: number) => batch.pointer + 4 * group * batch.groupStride;
      if (family.method === "Direct") {
        for (const { group, count } of parts) {
          guarded(kernels.convolutionDirectScratch(outputs, inputs), (scratch) =>
            kernels.convolutionDirectWeightGradient(
              at(dy.batch, group),
              dy.batch.groupStride,
              at(x.batch, group),
              x.batch.groupStride,
              dWeight.pointer,
              outputs,
              inputs,
              count,
              height,
              width,
              scratch,
            ),
          );
        }
      } else {
        const sumBytes = kernels.convolutionWinogradSumBytes(outputs, inputs);
        guarded(sumBytes, (sums) => {
          memory.bytes(sums, sumBytes).fill(0);
          for (const { group, count } of parts) {
            guarded(kernels.convolutionWinogradWeightGradientScratch(outputs, inputs), (scratch) =>
              kernels.convolutionWinogradWeightGradient(
                at(dy.batch, group),
                dy.batch.groupStride,
                at(x.batch, group),
                x.batch.groupStride,
                sums,
                outputs,
                inputs,
                count,
                height,
                width,
                scratch,
              ),
            );
          }
          kernels.convolutionWinogradWeightGradientEnd(sums, dWeight.pointer, outputs, inputs);
        });
      }
      kernels.convolutionBiasGradient(
        dy.batch.pointer,
        dy.batch.groupStride,
        dBias.pointer,
        outputs,
        y.groups,
        height,
        width,
      );
      const sum = plus(gradients.dWeight, dWeight.values);
      check(memory.floats(dWeight.pointer, sum.length), sum, "dWeight");
      check(memory.floats(dBias.pointer, outputs), plus(gradients.dBias, dBias.values), "dBias", 4e-6);
      assert.deepEqual(memory.floats(guard.pointer, 16), guard.values);
    });
  }
}

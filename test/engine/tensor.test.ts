import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Engine } from "../../src/engine/engine.js";
import { describeShape, elements, isVector, type Shape, vector } from "../../src/engine/shape.js";
import { layout, Tensor } from "../../src/engine/tensor.js";

const image: Shape = { channels: 3, height: 5, width: 8 };

describe("tensors", () => {
  test("vectors are feature-major, their batch a multiple of 8", () => {
    assert.deepEqual(layout(vector(3), 1), { groups: 1, inner: 8, channelStride: 8 });
    assert.deepEqual(layout(vector(3), 13), { groups: 1, inner: 16, channelStride: 16 });
    assert.deepEqual(layout(vector(3), 0), { groups: 1, inner: 8, channelStride: 8 });
  });

  test("rows are never a multiple of 4096 bytes apart", () => {
    for (const samples of [1024, 2048, 1020, 4096])
      assert.notEqual(layout(vector(3), samples).channelStride % 1024, 0);
    assert.equal(layout(vector(3), 1024).inner, 1024);
  });

  test("images come in groups of 4, an even number of them, each plane whole tiles after a border", () => {
    // 5 rows are covered by two tiles of 3, 8 columns by two of 4.
    assert.deepEqual(layout(image, 9), { groups: 4, inner: 4 * 64, channelStride: 256 });
    assert.deepEqual(layout(image, 3), { groups: 2, inner: 256, channelStride: 256 });
  });

  test("a slice shares memory and gradient with its tensor", async () => {
    const engine = await Engine.create();
    const x = Tensor.allocate(engine, vector(5), 10, { gradient: true });
    const part = x.slice(2, 5);
    assert.equal(part.channels, 3);
    assert.deepEqual(part.shape, vector(3));
    assert.equal(part.pointer - x.pointer, 4 * 2 * x.channelStride);
    assert.equal(part.gradient - x.gradient, 4 * 2 * x.channelStride);
    assert.equal(Tensor.allocate(engine, vector(5), 10, { gradient: false }).slice(1, 2).hasGradient, false);
  });

  test("a tensor and its slices agree on what was written to their gradient", async () => {
    const engine = await Engine.create();
    const x = Tensor.allocate(engine, vector(4), 1, { gradient: true });
    const [a, b] = [x.slice(0, 2), x.slice(2, 4)];
    assert.equal(x.gradientWritten, false);
    a.markGradientWritten();
    assert.deepEqual([a.gradientWritten, b.gradientWritten], [true, false]);
    assert.throws(() => x.gradientWritten, /some of its channels only/);
    b.markGradientWritten();
    assert.deepEqual([x.gradientWritten, x.slice(1, 3).gradientWritten], [true, true]);
  });

  test("shapes", () => {
    assert.equal(elements(image), 120);
    assert.ok(isVector(vector(2)) && !isVector(image));
    assert.equal(describeShape(vector(7)), "(7)");
    assert.equal(describeShape(image), "(3,5,8)");
  });
});

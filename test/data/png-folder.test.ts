import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { encode } from "fast-png";
import { decodePng, encodePng, readDataset } from "../../src/data/index.js";
import { put, ramp, temporaryFolder } from "./helpers.js";

const folder = temporaryFolder();
const shape = { channels: 1, height: 2, width: 3 };

function grey(...pixels: number[]): Uint8Array {
  return encodePng({ shape, pixels: Uint8Array.from(pixels) });
}

test("sub-folders are the classes, files come in the order of their names", async () => {
  await put(folder, "pets/dog/1.png", grey(0, 51, 102, 153, 204, 255));
  await put(folder, "pets/cat/b.png", grey(3, 3, 3, 3, 3, 3));
  await put(folder, "pets/cat/a.PNG", grey(1, 1, 1, 1, 1, 1));
  await put(folder, "pets/cat/.hidden", "x");
  await put(folder, "pets/README.txt", "x");
  const data = await readDataset(join(folder, "pets"));
  assert.deepEqual(data.image, shape);
  assert.deepEqual(data.condition, {
    name: "class",
    classes: ["cat", "dog"],
    labels: Int32Array.of(0, 0, 1),
  });
  const expected = Float32Array.of(1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 0, 51, 102, 153, 204, 255);
  assert.deepEqual([...data.features], [...expected.map((value) => value / 255)]);
  const turned = await readDataset(join(folder, "pets"), { transposed: true });
  assert.deepEqual(turned.image, { channels: 1, height: 3, width: 2 });
  const last = Float32Array.of(0, 0.6, 0.2, 0.8, 0.4, 1);
  assert.deepEqual([...turned.features.subarray(12)], [...last]);
});

test("colours are kept as one plane a channel, and come back from encodePng", () => {
  const pixels = Float32Array.from(ramp(18), (value) => value / 255);
  const image = { shape: { channels: 3, height: 2, width: 3 }, pixels };
  assert.deepEqual(decodePng(encodePng(image), "p"), image);
});

test("floats outside 0..1 are clipped and others are rounded to the nearest level", () => {
  const { pixels } = decodePng(encodePng({ shape, pixels: Float32Array.of(-1, 0, 0.5, 1, 2, 0.1) }), "p");
  assert.deepEqual([...pixels], [...Float32Array.of(0, 0, 128, 255, 255, 26).map((value) => value / 255)]);
});

test("every bit depth, palettes and opaque alpha are read", () => {
  const sixteen = encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(0, 65535) });
  assert.deepEqual([...decodePng(sixteen, "p").pixels], [0, 1]);
  const alpha = encode({
    width: 2,
    height: 1,
    channels: 2,
    depth: 8,
    data: Uint8Array.of(51, 255, 102, 255),
  });
  assert.deepEqual([...decodePng(alpha, "p").pixels], [...Float32Array.of(0.2, 0.4)]);
  assert.equal(decodePng(alpha, "p").shape.channels, 1);
});

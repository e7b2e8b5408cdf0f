import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Motion, pixelMap, resample, STANDSTILL } from "../../src/augment/affine.js";
import { normals } from "../support/numbers.js";
import { projectFile } from "../support/project.js";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly image: readonly number[];
  /** With the turn in degrees. */
  readonly motion: Motion;
  readonly moved: readonly number[];
}

const fixture = JSON.parse(readFileSync(projectFile("test/augment/fixtures/affine.json"), "utf8"));
const cases: readonly Case[] = fixture.cases;

const shapeOf = (height: number, width: number, channels = 1) => ({ channels, height, width });

for (const { height, width, image, motion, moved } of cases) {
  const { down, right, turn, factor } = motion;
  const name = `down ${down}, right ${right}, turned ${turn} degrees, enlarged ${factor} times`;
  test(`a ${height} x ${width} image moves as SciPy moves it: ${name}`, () => {
    const shape = shapeOf(height, width);
    const map = pixelMap({ ...motion, turn: (Math.PI / 180) * turn }, shape);
    const found = new Float32Array(height * width).fill(Number.NaN);
    resample(Float32Array.from(image), 0, found, 0, map, shape, shape);
    for (let i = 0; i < found.length; i++) {
      assert.ok(Math.abs(found[i] - moved[i]) < 1e-6, `pixel ${i}: ${found[i]}, expected ${moved[i]}`);
    }
  });
}

test("at a standstill an image stays as it is, bit for bit", () => {
  const shape = shapeOf(5, 4, 3);
  const image = normals(60, 1);
  const found = new Float32Array(60);
  resample(image, 0, found, 0, pixelMap(STANDSTILL, shape), shape, shape);
  assert.deepEqual(found, image);
});

test("a quarter turn counter-clockwise brings the upper right corner to the upper left", () => {
  const shape = shapeOf(3, 3);
  const image = Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0, 0);
  const found = new Float32Array(9);
  resample(image, 0, found, 0, pixelMap({ ...STANDSTILL, turn: Math.PI / 2 }, shape), shape, shape);
  assert.ok(Math.abs(found[0] - 1) < 1e-6);
});

test("channels move alike, and within a padded plane what lies beyond the image is left alone", () => {
  const [shape, padded] = [shapeOf(5, 6, 2), shapeOf(8, 8, 2)];
  const plane = normals(30, 2);
  const image = new Float32Array(128);
  for (let k = 0; k < 2; k++) {
    for (let i = 0; i < 30; i++) image[64 * k + 8 * Math.floor(i / 6) + (i % 6)] = (k + 1) * plane[i];
  }
  const map = pixelMap({ down: 0.5, right: 1, turn: 0.2, factor: 1.1 }, shape);
  const found = new Float32Array(128).fill(7);
  resample(image, 0, found, 0, map, shape, padded);
  const single = new Float32Array(30);
  resample(plane, 0, single, 0, map, shapeOf(5, 6), shapeOf(5, 6));
  for (let at = 0; at < 128; at++) {
    const [k, row, column] = [at >> 6, (at >> 3) & 7, at & 7];
    const expected = row < 5 && column < 6 ? (k + 1) * single[6 * row + column] : 7;
    assert.ok(Math.abs(found[at] - expected) < 1e-6, `channel ${k}, row ${row}, column ${column}`);
  }
});

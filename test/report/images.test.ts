import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { InputError } from "../../src/errors.js";
import { traversalFigure, traversalGrid, traversalPng } from "../../src/report/figures/traversal.js";
import { imageGrid, renderGrid } from "../../src/report/image-grid.js";
import { heatColour } from "../../src/report/palette.js";
import { encodePng } from "../../src/report/raster.js";
import { count, makeTraversal, wave } from "./support.js";

const shape = { channels: 1, height: 4, width: 6 };

test("tiles stand in reading order, with a white gutter around each", () => {
  const images = Float32Array.from({ length: 4 * 24 }, (_, k) => Math.floor(k / 24) / 4);
  const { raster } = imageGrid(images, shape, 2, 2);
  assert.deepEqual([raster.width, raster.height], [2 + 2 * 8, 2 + 2 * 6]);
  const at = (x: number, y: number): number => raster.pixels[3 * (y * raster.width + x)];
  assert.deepEqual([at(2, 2), at(10, 2), at(2, 8), at(15, 11)], [0, 64, 128, 191]);
  assert.deepEqual([at(0, 0), at(8, 3), at(17, 13)], [255, 255, 255]);
});

test("pixels are clamped to 0..1, and three channels are red, green and blue", () => {
  const grey = imageGrid(Float32Array.of(-3, 9), { channels: 1, height: 1, width: 2 }, 1, 1).raster;
  const row = 2 * grey.width + 2;
  assert.deepEqual([...grey.pixels.subarray(3 * row, 3 * row + 6)], [0, 0, 0, 255, 255, 255]);
  const red = imageGrid(Float32Array.of(1, 0.2, 0), { channels: 3, height: 1, width: 1 }, 1, 1).raster;
  const corner = 3 * (2 * red.width + 2);
  assert.deepEqual([...red.pixels.subarray(corner, corner + 3)], [255, 51, 0]);
});

test("PNG files read back as what was drawn, in one channel where all is grey", () => {
  const { raster } = imageGrid(wave(24), shape, 1, 1);
  const grey = decode(encodePng(raster));
  assert.equal(grey.channels, 1);
  assert.deepEqual(
    [...grey.data],
    [...raster.pixels].filter((_, k) => k % 3 === 0),
  );
  const coloured = traversalGrid(makeTraversal(shape, ["a"]), shape).raster;
  const read = decode(encodePng(coloured));
  assert.deepEqual([read.channels, read.width, read.height], [3, coloured.width, coloured.height]);
  assert.deepEqual(Uint8Array.from(read.data), coloured.pixels);
});

test("a traversal's picture has a row a class and the heat map last, lightest where it changes most", () => {
  const traversal = makeTraversal(shape, ["a", "b", "c"], 9);
  const { raster, rows, columns } = traversalGrid(traversal, shape);
  assert.deepEqual([rows, columns], [3, traversal.positions.length + 1]);
  const [left, top] = [2 + traversal.positions.length * 8, 2 + 6];
  const pixel = (x: number, y: number): number[] => {
    const start = 3 * ((top + y) * raster.width + left + x);
    return [...raster.pixels.subarray(start, start + 3)];
  };
  assert.deepEqual(pixel(3, 1), heatColour(1));
  assert.deepEqual(pixel(0, 0), heatColour(0));
});

test("a traversal as a file is enlarged by whole numbers", () => {
  const traversal = makeTraversal(shape, ["a", "b"]);
  const { raster } = traversalGrid(traversal, shape);
  const png = decode(traversalPng(traversal, shape, 3));
  assert.deepEqual([png.width, png.height], [3 * raster.width, 3 * raster.height]);
  assert.throws(() => traversalPng(traversal, shape, 1.5), InputError);
  assert.throws(() => traversalPng(traversal, { ...shape, height: 5 }), /need \d+ values/);
});

test("labels stand around the picture, escaped and the same each time", () => {
  const traversal = makeTraversal(shape, ["<script>alert(1)</script>", "b & c"]);
  const svg = traversalFigure(traversal, shape).text;
  assert.equal(svg, traversalFigure(traversal, shape).text);
  assert.equal(count(svg, /<text/g), 2 + 10);
  assert.match(svg, /&lt;script/);
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /href="data:image\/png;base64,/);
  const grid = imageGrid(wave(24), shape, 1, 1);
  assert.equal(count(renderGrid(grid, { description: "x", rows: [""], columns: [] }).text, /<image/g), 1);
});

import { encode } from "fast-png";
import type { ImageShape } from "../data/dataset.js";
import { InputError } from "../errors.js";
import { heatColour } from "./palette.js";

/** A picture in memory, red, green and blue. Shape [height][width][3]. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** A raster in one grey. */
export function createRaster(width: number, height: number, grey = 255): Raster {
  return { width, height, pixels: new Uint8Array(width * height * 3).fill(grey) };
}

/** Features of one image: channels x height x width. */
export function imageSize({ channels, height, width }: ImageShape): number {
  return channels * height * width;
}

/** Throws `InputError` unless `values` holds `count` images of this shape. */
export function checkImages(values: Float32Array, count: number, shape: ImageShape): void {
  const size = imageSize(shape);
  if (values.length === count * size) return;
  const form = `${shape.channels} x ${shape.height} x ${shape.width}`;
  throw new InputError(`${count} images of ${form} need ${count * size} values; got ${values.length}.`);
}

/**
 * Draws an image at (left, top). Values 0..1 run from black to white and are clamped; three channels are red, green
 * and blue, of any other number the mean is drawn in grey.
 *
 * @param image shape [channels][height][width].
 */
export function drawImage(
  raster: Raster,
  image: Float32Array,
  shape: ImageShape,
  left: number,
  top: number,
): void {
  const plane = shape.height * shape.width;
  eachPixel(raster, shape, left, top, (pixel) => {
    if (shape.channels === 3)
      return [image[pixel], image[plane + pixel], image[2 * plane + pixel]].map(toByte);
    const grey = toByte(channelMean(image, shape, pixel));
    return [grey, grey, grey];
  });
}

/** Draws non-negative values as a heat map, `largest` being the lightest colour; channels are averaged. */
export function drawHeatMap(
  raster: Raster,
  heat: Float32Array,
  shape: ImageShape,
  largest: number,
  left: number,
  top: number,
): void {
  eachPixel(raster, shape, left, top, (pixel) =>
    heatColour(largest > 0 ? channelMean(heat, shape, pixel) / largest : 0),
  );
}

/** The largest value that `drawHeatMap` would draw, over `count` maps. */
export function largestHeat(heat: Float32Array, count: number, shape: ImageShape): number {
  let largest = 0;
  for (let k = 0; k < count; k++) {
    const map = heat.subarray(k * imageSize(shape), (k + 1) * imageSize(shape));
    for (let pixel = 0; pixel < shape.height * shape.width; pixel++) {
      largest = Math.max(largest, channelMean(map, shape, pixel));
    }
  }
  return largest;
}

/** Every pixel repeated `factor` times in both directions. */
export function enlarge(raster: Raster, factor: number): Raster {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new InputError(`The scale of a picture must be a whole number from 1; got ${factor}.`);
  }
  const out = createRaster(raster.width * factor, raster.height * factor);
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      const source = 3 * (Math.floor(y / factor) * raster.width + Math.floor(x / factor));
      out.pixels.set(raster.pixels.subarray(source, source + 3), 3 * (y * out.width + x));
    }
  }
  return out;
}

/** The raster as a PNG file; with one channel where every pixel is grey. */
export function encodePng({ width, height, pixels }: Raster): Uint8Array {
  const grey = pixels.every((value, k) => value === pixels[k - (k % 3)]);
  const data = grey ? pixels.filter((_, k) => k % 3 === 0) : pixels;
  return encode({ width, height, data, channels: grey ? 1 : 3, depth: 8 }, { zlib: { level: 9 } });
}

/** A PNG file as a `data:` address, for pages without external files. */
export function pngAddress(png: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < png.length; start += 8192) {
    binary += String.fromCharCode(...png.subarray(start, start + 8192));
  }
  return `data:image/png;base64,${btoa(binary)}`;
}

function eachPixel(
  raster: Raster,
  { height, width }: ImageShape,
  left: number,
  top: number,
  colour: (pixel: number) => readonly number[],
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      raster.pixels.set(colour(y * width + x), 3 * ((top + y) * raster.width + left + x));
    }
  }
}

function channelMean(image: Float32Array, { channels, height, width }: ImageShape, pixel: number): number {
  let sum = 0;
  for (let c = 0; c < channels; c++) sum += image[c * height * width + pixel];
  return sum / channels;
}

const toByte = (value: number): number =>
  Math.round(255 * Math.max(0, Math.min(1, Number.isNaN(value) ? 0 : value)));

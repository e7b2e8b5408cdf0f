import { convertIndexedToRgb, type DecodedPng, decode, encode } from "fast-png";
import type { ImageShape } from "./dataset.js";
import { count, reasonOf, refuse } from "./wording.js";

/** One image: pixels as [channel][row][column]; floats in 0..1, bytes in 0..255. */
export interface PixelImage {
  readonly shape: ImageShape;
  readonly pixels: Float32Array | Uint8Array;
}

/**
 * Encodes a grey (1 channel) or RGB (3 channels) image as PNG with 8 bits a channel. Floats outside 0..1 are
 * clipped. Throws InputError for another number of channels or a wrong number of pixels.
 */
export function encodePng({ shape, pixels }: PixelImage): Uint8Array {
  const { channels, height, width } = shape;
  const area = height * width;
  if (channels !== 1 && channels !== 3) refuse(`png: found ${count(channels, "channel")}, expected 1 or 3`);
  if (area === 0 || pixels.length !== channels * area) {
    refuse(
      `png: found ${count(pixels.length, "value")}, expected ${channels} x ${height} x ${width} of them`,
    );
  }
  const scale = pixels instanceof Uint8Array ? 1 : 255;
  const data = new Uint8ClampedArray(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < area; i++) data[i * channels + channel] = pixels[channel * area + i] * scale;
  }
  return encode({ width, height, channels, depth: 8, data });
}

/**
 * Decodes a PNG into floats in 0..1: grey or RGB, palettes resolved, any bit depth. `name` is what messages
 * call the file. Throws InputError for a damaged file and for an image with transparent pixels.
 */
export function decodePng(bytes: Uint8Array, name: string): { shape: ImageShape; pixels: Float32Array } {
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch (error) {
    return refuse(`${name}: not a whole PNG image (${reasonOf(error)})`);
  }
  const { width, height } = png;
  const { samples, perPixel, largest } = interleavedSamples(png, name);
  const opaque = perPixel === 2 || perPixel === 4 ? perPixel - 1 : perPixel;
  const area = width * height;
  if (samples.length < area * perPixel) refuse(`${name}: not a whole PNG image (pixels are missing)`);
  const pixels = new Float32Array(area * opaque);
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < opaque; channel++) {
      pixels[channel * area + i] = samples[i * perPixel + channel] / largest;
    }
    if (opaque < perPixel && samples[i * perPixel + opaque] !== largest) {
      refuse(`${name}: found transparent pixels, expected an opaque image`);
    }
  }
  return { shape: { channels: opaque, height, width }, pixels };
}

interface Samples {
  readonly samples: ArrayLike<number>;
  readonly perPixel: number;
  readonly largest: number;
}

function interleavedSamples(png: DecodedPng, name: string): Samples {
  if (png.palette !== undefined) {
    const perPixel = png.palette[0]?.length;
    if (perPixel === undefined) return refuse(`${name}: not a whole PNG image (its palette is empty)`);
    return { samples: convertIndexedToRgb(png), perPixel, largest: 255 };
  }
  const largest = 2 ** png.depth - 1;
  const samples = png.depth < 8 ? unpackBits(png) : png.data;
  return { samples, perPixel: png.channels, largest };
}

function unpackBits({ data, width, height, depth }: DecodedPng): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * rowBytes + (bit >> 3)];
    samples[i] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  }
  return samples;
}

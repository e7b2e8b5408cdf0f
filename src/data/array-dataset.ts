import { chooseNamed } from "./columns.js";
import { type Condition, type Dataset, type ImageShape, numberedNames, sharedFloat32 } from "./dataset.js";
import { readLabelFile } from "./label-file.js";
import { fitsFloat32, problemWithNumber } from "./numbers.js";
import { type FileArray, type Numbers, sizeOf } from "./numeric-array.js";
import type { ReadOptions } from "./options.js";
import { count, refuse } from "./wording.js";

/**
 * Makes a data set of an array of shape [N, d] (vectors), [N, H, W] (grey images) or [N, C, H, W] (images).
 * Images of uint8 are divided by 255; every other number is taken as it is. The labels come from
 * `condition`, else from the file in `options.labels`. Throws InputError for another shape, no samples,
 * values that are not finite float32 (naming row and column), and labels that are missing or too many.
 */
export async function datasetFromArray(
  name: string,
  array: FileArray,
  options: ReadOptions,
  condition?: Condition,
): Promise<Dataset> {
  const numbers = expectNumbers(name, array);
  checkArrayShape(name, array.shape);
  const shaped = samplesOfArray(name, numbers, options);
  const known = condition ?? (await readCondition(name, shaped.samples, options));
  return known === undefined ? shaped : { ...shaped, condition: known };
}

/** The same without labels; where the array is part of a larger one, `firstRow` is where it begins. */
export function samplesOfArray(
  name: string,
  { shape, data }: NumericArray,
  options: ReadOptions,
  firstRow = 0,
): Dataset {
  const image = imageShape(shape);
  const width = sizeOf(shape.slice(1));
  const plain: Dataset = {
    name,
    features: convert(name, data, firstRow, width, image),
    samples: shape[0],
    width,
    featureNames: numberedNames(width),
    ...(image === undefined ? {} : { image }),
  };
  return arrangeFeatures(plain, options);
}

/** An array that holds no text. */
type NumericArray = FileArray & { readonly data: Numbers };

/** Throws InputError for text. */
export function expectNumbers(name: string, { shape, data }: FileArray): NumericArray {
  return isNumbers(data) ? { shape, data } : refuseText(name);
}

/** Raises the InputError for an array of text. */
export function refuseText(name: string): never {
  return refuse(`${name}: found text, expected numbers`);
}

function isNumbers(data: Numbers | readonly string[]): data is Numbers {
  return ArrayBuffer.isView(data);
}

/** Throws InputError for a shape that is no data set's. */
export function checkArrayShape(name: string, shape: readonly number[]): void {
  const text = `[${shape.join(", ")}]`;
  if (shape.length < 2 || shape.length > 4) {
    refuse(`${name}: found an array of shape ${text}, expected [N, d], [N, H, W] or [N, C, H, W]`);
  }
  if (shape.some((length) => length === 0)) {
    refuse(`${name}: found an array of shape ${text}, which holds no values`);
  }
  const [, rows, columns, last] = shape;
  if (shape.length === 4 && rows === columns && rows > 4 && (last === 1 || last === 3)) {
    refuse(`${name}: shape ${text} looks like [N, H, W, C], expected the channels first: [N, C, H, W]`);
  }
}

function imageShape(shape: readonly number[]): ImageShape | undefined {
  if (shape.length === 2) return undefined;
  const [height, width] = shape.slice(-2);
  return { channels: shape.length === 4 ? shape[1] : 1, height, width };
}

function convert(
  name: string,
  data: Numbers,
  firstRow: number,
  width: number,
  image: ImageShape | undefined,
): Float32Array {
  const features = sharedFloat32(data.length);
  if (data instanceof Uint8Array && image !== undefined) {
    for (let i = 0; i < data.length; i++) features[i] = data[i] / 255;
    return features;
  }
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (!fitsFloat32(value)) {
      refuse(`${name}, ${placeOf(firstRow * width + i, width, image)}: ${problemWithNumber(value)}`);
    }
    features[i] = value;
  }
  return features;
}

function placeOf(index: number, width: number, image: ImageShape | undefined): string {
  const row = `row ${Math.floor(index / width) + 1}`;
  const column = index % width;
  if (image === undefined) return `${row}, column "x${column + 1}"`;
  const pixel = column % (image.height * image.width);
  return `${row}, pixel (${Math.floor(pixel / image.width) + 1}, ${(pixel % image.width) + 1})`;
}

function arrangeFeatures(dataset: Dataset, options: ReadOptions): Dataset {
  const { name, image, width, samples, features } = dataset;
  if (image !== undefined) {
    if (options.features !== undefined) refuse(`${name}: --features is for tables, found images`);
    return options.transposed ? transposeImages(dataset, image) : dataset;
  }
  if (options.transposed) refuse(`${name}: --transposed is for images, found a table`);
  if (options.features === undefined) return dataset;
  const columns = chooseNamed(name, dataset.featureNames, options.features);
  const kept = sharedFloat32(samples * columns.length);
  for (let i = 0; i < kept.length; i++) {
    kept[i] = features[Math.floor(i / columns.length) * width + columns[i % columns.length]];
  }
  return { ...dataset, features: kept, width: columns.length, featureNames: options.features };
}

function transposeImages(dataset: Dataset, image: ImageShape): Dataset {
  const { height, width } = image;
  const area = height * width;
  const features = sharedFloat32(dataset.features.length);
  for (let start = 0; start < features.length; start += area) {
    for (let i = 0; i < area; i++) {
      features[start + (i % width) * height + Math.floor(i / width)] = dataset.features[start + i];
    }
  }
  return { ...dataset, features, image: { ...image, height: width, width: height } };
}

async function readCondition(
  name: string,
  samples: number,
  options: ReadOptions,
): Promise<Condition | undefined> {
  if (options.labels !== undefined) return readLabelFile(options.labels, { name, samples }, options);
  if (options.condition !== undefined || options.requireCondition) refuseWithoutLabels(name, samples);
  return undefined;
}

/** Raises the InputError that says how to give labels for an array. */
export function refuseWithoutLabels(name: string, samples: number): never {
  return refuse(
    `${name}: holds no labels for its ${count(samples, "sample")}; ` +
      "give a file with one label a sample with --labels",
  );
}

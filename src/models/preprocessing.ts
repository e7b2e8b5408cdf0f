import { multiplyRows } from "../algebra/multiply-rows.js";
import { type ImageShape, sharedFloat32 } from "../data/dataset.js";
import { elements, type Shape, vector } from "../engine/shape.js";
import type { Whitening } from "./whitening.js";

/**
 * How data becomes what a flow sees, and back; plain data, saved with the model. Vectors lose constant columns,
 * and x becomes (x - center) / scale, times a matrix where they are whitened. Latents are multiplied by `unit`, the
 * geometric mean of the factors by which lengths shrink, so that the whole map from data to latents keeps its volume and the
 * spectrum is in units of the data.
 */
export type Preprocessing =
  | {
      readonly kind: "vector";
      readonly width: number;
      /** Columns the flow sees. */
      readonly kept: readonly number[];
      /** The values of the columns it does not see, by column. */
      readonly constants: readonly { readonly column: number; readonly value: number }[];
      readonly center: readonly number[];
      readonly scale: readonly number[];
      readonly whitening?: Whitening | undefined;
      readonly unit: number;
    }
  | {
      readonly kind: "image";
      readonly image: ImageShape;
      /** The image with zero rows and columns added below and to the right. */
      readonly padded: ImageShape;
      readonly unit: 1;
    };

/** The shape of what the flow sees. */
export function flowInput(preprocessing: Preprocessing): Shape {
  return preprocessing.kind === "vector" ? vector(preprocessing.kept.length) : preprocessing.padded;
}

/** Values of one sample that the flow sees: the dimensions of its density. */
export function modelledWidth(preprocessing: Preprocessing): number {
  return elements(flowInput(preprocessing));
}

/** Values of one sample of the data. */
export function dataWidth(preprocessing: Preprocessing): number {
  return preprocessing.kind === "vector" ? preprocessing.width : elements(preprocessing.image);
}

/**
 * Data, [sample][dataWidth], as the flow sees it, [sample][value]: in `target`, which was zero, or where there is none in
 * memory of its own, or the argument itself where nothing changes.
 */
export function preprocess(
  preprocessing: Preprocessing,
  features: Float32Array,
  target?: Float32Array,
): Float32Array {
  const samples = features.length / dataWidth(preprocessing);
  if (preprocessing.kind === "image") {
    const { image, padded } = preprocessing;
    if (!sameSides(image, padded)) return copyRows(features, image, padded, samples, target);
    target?.set(features);
    return target ?? features;
  }
  const { kept, center, scale, width, whitening } = preprocessing;
  const result = target ?? sharedFloat32(samples * kept.length);
  for (let sample = 0; sample < samples; sample++) {
    for (let j = 0; j < kept.length; j++) {
      result[sample * kept.length + j] = (features[sample * width + kept[j]] - center[j]) / scale[j];
    }
  }
  if (whitening) multiplyRows(result.subarray(0, samples * kept.length), whitening.matrix);
  return result;
}

/** The inverse of `preprocess`. */
export function undoPreprocessing(preprocessing: Preprocessing, values: Float32Array): Float32Array {
  const samples = values.length / elements(flowInput(preprocessing));
  if (preprocessing.kind === "image") {
    const { image, padded } = preprocessing;
    return sameSides(image, padded) ? values : copyRows(values, padded, image, samples);
  }
  const { kept, center, scale, width, constants, whitening } = preprocessing;
  const result = new Float32Array(samples * width);
  const standardised = whitening ? values.slice() : values;
  if (whitening) multiplyRows(standardised, whitening.inverse);
  for (let sample = 0; sample < samples; sample++) {
    for (const { column, value } of constants) result[sample * width + column] = value;
    for (let j = 0; j < kept.length; j++) {
      result[sample * width + kept[j]] = standardised[sample * kept.length + j] * scale[j] + center[j];
    }
  }
  return result;
}

/**
 * The gradient with respect to data of a function whose gradient with respect to what the flow sees is `gradient`;
 * 0 in constant columns.
 */
export function pullBackPreprocessing(preprocessing: Preprocessing, gradient: Float32Array): Float32Array {
  if (preprocessing.kind === "image") return undoPreprocessing(preprocessing, gradient);
  const { kept, scale, width, whitening } = preprocessing;
  const result = new Float32Array((gradient.length / kept.length) * width);
  const inner = whitening ? gradient.slice() : gradient;
  if (whitening) multiplyRows(inner, whitening.matrix);
  inner.forEach((value, index) => {
    const [sample, j] = [Math.floor(index / kept.length), index % kept.length];
    result[sample * width + kept[j]] = value / scale[j];
  });
  return result;
}

/** log of the factor by which preprocessing divides volumes. */
export function logScaleOf(preprocessing: Preprocessing): number {
  if (preprocessing.kind === "image") return 0;
  const { scale, whitening } = preprocessing;
  return scale.reduce((sum, value) => sum + Math.log(value), -(whitening?.logDeterminant ?? 0));
}

/**
 * What a difference of 1 in what the flow sees is in each column of the data, before columns are made uncorrelated: the
 * column's scale, 1 for pixels, 0 in constant columns. Shape [dataWidth].
 */
export function flowUnits(preprocessing: Preprocessing): Float32Array {
  const units = new Float32Array(dataWidth(preprocessing));
  if (preprocessing.kind === "image") return units.fill(1);
  preprocessing.kept.forEach((column, j) => {
    units[column] = preprocessing.scale[j];
  });
  return units;
}

const sameSides = (a: ImageShape, b: ImageShape) => a.height === b.height && a.width === b.width;

/** Copies the part that two image shapes have in common; the rest stays zero. */
function copyRows(
  from: Float32Array,
  source: ImageShape,
  target: ImageShape,
  samples: number,
  into?: Float32Array,
): Float32Array {
  const planes = samples * source.channels;
  const result = into ?? sharedFloat32(planes * target.height * target.width);
  const width = Math.min(source.width, target.width);
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < Math.min(source.height, target.height); row++) {
      const start = (plane * source.height + row) * source.width;
      result.set(from.subarray(start, start + width), (plane * target.height + row) * target.width);
    }
  }
  return result;
}

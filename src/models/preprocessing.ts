import { multiplyRows } from "../algebra/multiply-rows.js";
import { type Dataset, type ImageShape, sharedFloat32 } from "../data/dataset.js";
import { columnStatistics } from "../data/statistics.js";
import { elements, type Shape, vector } from "../engine/shape.js";
import { InputError } from "../errors.js";
import { divisibleByFour } from "../flows/architecture.js";
import { type Whitening, whiteningOf } from "./whitening.js";

export const STANDARDISATIONS = ["auto", "global", "columns", "whiten", "none"] as const;
export type Standardisation = (typeof STANDARDISATIONS)[number];

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

/** Columns whose scales differ by more than this are standardised one by one under `auto`. */
const FAR_APART = 1000;

/**
 * Chooses the preprocessing of a data set and says what it does. `global` divides all columns by one scale, the
 * root mean square of their standard deviations; `columns` each by its own; `whiten` also makes them uncorrelated; `none`
 * leaves them; `auto` is `global`, or `columns` where the largest standard deviation is over 1000 times the smallest.
 * Under `auto` so many varying columns as `whitens` takes are whitened where they can be. Throws InputError when fewer than two columns
 * vary, or where columns that are to be whitened depend on one another linearly.
 */
export function vectorPreprocessing(
  dataset: Dataset,
  standardisation: Standardisation,
  { whitens = () => false }: { readonly whitens?: (columns: number) => boolean } = {},
): { preprocessing: Preprocessing; notes: string[] } {
  const { mean, sd, constant } = columnStatistics(dataset);
  const columns = Array.from({ length: dataset.width }, (_, column) => column);
  const kept = columns.filter((column) => !constant[column]);
  if (kept.length < 2) {
    throw new InputError(
      `${dataset.name}: found ${kept.length} ${kept.length === 1 ? "column" : "columns"} that vary, expected at least 2 to unmix`,
    );
  }
  const deviations = kept.map((column) => sd[column]);
  const ratio = Math.max(...deviations) / Math.min(...deviations);
  const usual = ratio > FAR_APART ? "columns" : "global";
  const isAuto = standardisation === "auto";
  const whitening =
    standardisation === "whiten" || (isAuto && whitens(kept.length))
      ? whiteningOf(
          dataset,
          kept,
          kept.map((column) => mean[column]),
          deviations,
        )
      : undefined;
  if (standardisation === "whiten" && !whitening) {
    throw new InputError(
      `${dataset.name}: found columns that are linear functions of others, expected none for option standardise whiten`,
    );
  }
  const chosen = whitening ? "whiten" : isAuto ? usual : standardisation;
  const common = Math.sqrt(deviations.reduce((sum, deviation) => sum + deviation ** 2, 0) / kept.length);
  const scale = deviations.map((deviation) =>
    chosen === "none" ? 1 : chosen === "global" ? common : deviation,
  );
  const logScale = scale.reduce((sum, value) => sum + Math.log(value), -(whitening?.logDeterminant ?? 0));
  const constants = columns
    .filter((column) => constant[column])
    .map((column) => ({ column, value: dataset.features[column] }));
  return {
    preprocessing: {
      kind: "vector",
      width: dataset.width,
      kept,
      constants,
      center: kept.map((column) => (chosen === "none" ? 0 : mean[column])),
      scale,
      ...(whitening && { whitening }),
      unit: Math.exp(logScale / kept.length),
    },
    notes: [
      ...constantNotes(dataset, constants),
      ...standardisationNotes(standardisation, chosen, common, ratio),
    ],
  };
}

function constantNotes(dataset: Dataset, constants: readonly { column: number; value: number }[]): string[] {
  if (constants.length === 0) return [];
  const names = constants.slice(0, 5).map(({ column }) => `"${dataset.featureNames[column]}"`);
  const more = constants.length > 5 ? ` and ${constants.length - 5} more` : "";
  const plural = constants.length > 1;
  return [
    `${plural ? "Columns" : "Column"} ${names.join(", ")}${more} ${plural ? "are" : "is"} constant: left out of the ` +
      "fit, and given back on decoding.",
  ];
}

function standardisationNotes(
  asked: Standardisation,
  chosen: Standardisation,
  common: number,
  ratio: number,
): string[] {
  if (chosen === "none") return [];
  if (chosen === "global") {
    return [
      `All columns are centred and divided by one scale, ${common.toPrecision(4)}. Decoding undoes it, and the ` +
        "spectrum is in units of the data.",
    ];
  }
  if (chosen === "whiten") {
    return [
      "Columns are centred, divided by their standard deviations and made uncorrelated by the matrix that changes them " +
        "least. Decoding undoes it, and the standard deviations of latents are in none of the columns' units.",
    ];
  }
  const why = asked === "auto" ? ` (their scales differ by a factor of ${ratio.toPrecision(3)})` : "";
  return [
    `Each column is centred and divided by its own standard deviation${why}. Decoding undoes it. Columns count alike ` +
      "whatever their units, and the standard deviations of latents are in none of them.",
  ];
}

/** The preprocessing of images: zero rows and columns up to sides divisible by 4, or none without `pad`. */
export function imagePreprocessing(
  image: ImageShape,
  { pad = true }: { readonly pad?: boolean } = {},
): { preprocessing: Preprocessing; notes: string[] } {
  const padded = pad ? divisibleByFour(image) : image;
  const isPadded = padded.height !== image.height || padded.width !== image.width;
  const notes = isPadded
    ? [
        `Images of ${image.height} x ${image.width} are padded with zeros to ${padded.height} x ${padded.width}, ` +
          "sides divisible by 4; decoding crops them again.",
      ]
    : [];
  return { preprocessing: { kind: "image", image, padded, unit: 1 }, notes };
}

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

import type { Dataset, ImageShape } from "../data/dataset.js";
import { columnStatistics } from "../data/statistics.js";
import { InputError } from "../errors.js";
import { divisibleByFour } from "../flows/architecture.js";
import type { Preprocessing } from "./preprocessing.js";
import { whiteningOf } from "./whitening.js";

export const STANDARDISATIONS = ["auto", "global", "columns", "whiten", "none"] as const;
export type Standardisation = (typeof STANDARDISATIONS)[number];

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

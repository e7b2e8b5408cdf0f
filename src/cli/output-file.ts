import { existsSync, realpathSync } from "node:fs";
import type { ImageShape } from "../data/dataset.js";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import { writeArray } from "../data/write.js";
import { InputError } from "../errors.js";
import type { Model } from "../models/model.js";

/** Extensions of arrays. */
export const arrayExtensions = [".npy", ".csv", ".parquet"] as const;

/**
 * Checks the name of an output before any work is done: its extension, and that it is not one of the inputs. Returns
 * the extension in lower case. Throws InputError naming the option.
 */
export function checkOutput(
  path: string,
  extensions: readonly string[],
  { option = "--out", inputs = [] }: { option?: string; inputs?: readonly string[] } = {},
): string {
  const extension = extensions.find((ending) => path.toLowerCase().endsWith(ending));
  if (extension === undefined) {
    const expected =
      extensions.length > 1 ? `${extensions.slice(0, -1).join(", ")} or ${extensions.at(-1)}` : extensions[0];
    throw new InputError(`option ${option}: found "${path}", expected a name that ends in ${expected}`);
  }
  const clash = inputs.find(
    (input) => existsSync(path) && existsSync(input) && realpathSync(path) === realpathSync(input),
  );
  if (clash !== undefined) {
    throw new InputError(`option ${option}: found "${path}", which is the input, expected another file`);
  }
  return extension;
}

/** Images of an image model, else undefined. */
export function imageShapeOf(model: Model): ImageShape | undefined {
  const { preprocessing } = model.facts;
  return preprocessing.kind === "image" ? preprocessing.image : undefined;
}

/** The shape of `samples` rows of data: [N, d], for images [N, H, W] or [N, C, H, W]. */
export function dataShape(model: Model, samples: number): number[] {
  const image = imageShapeOf(model);
  if (!image) return [samples, model.dataWidth];
  const { channels, height, width } = image;
  return channels === 1 ? [samples, height, width] : [samples, channels, height, width];
}

/** The most images that fit a picture. */
const MOST_IMAGES = 2000;

/**
 * Writes data of a model, [sample][value]: an array, or with the ending `.png` a grid of images with `columns`
 * images a row (default: about as many as rows).
 */
export async function writeData(
  path: string,
  model: Model,
  data: Float32Array,
  columns?: number,
): Promise<void> {
  const samples = data.length / model.dataWidth;
  if (!path.toLowerCase().endsWith(".png")) {
    return writeArray(path, {
      data,
      shape: dataShape(model, samples),
      columns: model.facts.data.featureNames,
    });
  }
  const shape = requireImages(model, path);
  if (samples > MOST_IMAGES) {
    throw new InputError(
      `option --out: found a picture for ${samples} images, expected at most ${MOST_IMAGES}; write .npy`,
    );
  }
  const { imageGrid } = await import("../report/image-grid.js");
  const { encodePng, enlarge } = await import("../report/raster.js");
  const across = Math.min(samples, columns ?? Math.ceil(Math.sqrt(samples)));
  const down = Math.ceil(samples / across);
  const padded = new Float32Array(across * down * model.dataWidth).fill(1);
  padded.set(data);
  return writeFileAtomic(path, encodePng(enlarge(imageGrid(padded, shape, down, across).raster, 2)));
}

/** The shape of the images. Throws InputError for a model of vectors. */
export function requireImages(model: Model, path: string): ImageShape {
  const shape = imageShapeOf(model);
  if (shape && (shape.channels === 1 || shape.channels === 3)) return shape;
  const what = shape ? `images of ${shape.channels} channels` : "vectors";
  throw new InputError(
    `option --out: found "${path}" for a model of ${what}, expected .npy, .csv or .parquet`,
  );
}

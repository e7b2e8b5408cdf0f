import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, type ImageShape, numberedNames, sharedFloat32 } from "../dataset.js";
import { conditionOf } from "../labels.js";
import type { ReadOptions } from "../options.js";
import { decodePng } from "../png.js";
import { quote, refuse } from "../wording.js";
import { openSource, refuseRead } from "./source.js";

interface LabelledFile {
  readonly path: string;
  readonly label: string;
}

/**
 * Reads a directory with one sub-folder a class and PNG images of one size in each; the names of the
 * sub-folders are the classes. Files are taken in the order of their names; hidden ones are skipped. Throws
 * InputError for a directory without class folders, an empty one, files that are no PNG, and images whose
 * size or channels differ from those of the first.
 */
export async function readPngFolder(folder: string, options: ReadOptions): Promise<Dataset> {
  if (options.labels !== undefined) {
    refuse(`${folder}: the sub-folders are the labels, found a label file as well (${options.labels})`);
  }
  if (options.features !== undefined) refuse(`${folder}: --features is for tables, found images`);
  const files = await listImages(folder);
  const first = await decodeFile(files[0].path);
  const width = first.pixels.length;
  const features = sharedFloat32(files.length * width);
  for (const [index, file] of files.entries()) {
    const { shape, pixels } = index === 0 ? first : await decodeFile(file.path);
    if (shapeOf(shape) !== shapeOf(first.shape)) {
      refuse(
        `${file.path}: found ${shapeOf(shape)}, expected ${shapeOf(first.shape)} as in ${files[0].path}`,
      );
    }
    features.set(options.transposed ? transpose(pixels, shape) : pixels, index * width);
  }
  const { channels, height, width: columns } = first.shape;
  return {
    name: folder,
    features,
    samples: files.length,
    width,
    featureNames: numberedNames(width),
    image: options.transposed ? { channels, height: columns, width: height } : first.shape,
    condition: conditionOf(
      options.condition ?? "class",
      files.map((file) => file.label),
    ),
  };
}

async function listImages(folder: string): Promise<LabelledFile[]> {
  const entries = await listVisible(folder);
  const loose = entries.find((entry) => entry.isFile() && /\.png$/i.test(entry.name));
  const classes = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  if (classes.length === 0)
    refuse(`${folder}: found no sub-folders, expected one folder of PNG images a class`);
  if (loose !== undefined) {
    refuse(`${join(folder, loose.name)}: found an image beside the class folders, expected it inside one`);
  }
  const files: LabelledFile[] = [];
  for (const label of classes) {
    const inside = await listVisible(join(folder, label));
    if (inside.length === 0) refuse(`${join(folder, label)}: the class folder is empty`);
    for (const entry of inside) {
      const path = join(folder, label, entry.name);
      if (entry.isDirectory()) refuse(`${path}: found a folder inside a class folder, expected PNG images`);
      if (!/\.png$/i.test(entry.name))
        refuse(`${path}: found ${quote(entry.name)}, expected PNG images only`);
      files.push({ path, label });
    }
  }
  return files;
}

async function listVisible(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    return refuseRead(folder, error);
  });
  const visible = entries.filter((entry) => !entry.name.startsWith("."));
  return visible.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function decodeFile(path: string) {
  const source = await openSource(path);
  return decodePng(await source.bytes(), path);
}

function shapeOf({ channels, height, width }: ImageShape): string {
  return `an image of ${width} x ${height} pixels and ${channels === 1 ? "1 channel" : `${channels} channels`}`;
}

function transpose(pixels: Float32Array, { height, width }: ImageShape): Float32Array {
  const area = height * width;
  return pixels.map((_, index) => {
    const place = index % area;
    return pixels[index - place + (place % height) * width + Math.floor(place / height)];
  });
}

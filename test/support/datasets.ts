import type { Dataset } from "../../src/data/dataset.js";
import { Random } from "../../src/engine/random.js";
import { simulateMixture } from "../../src/simulate/mixture.js";
import { normals } from "./numbers.js";

/** Three clusters in 2 of `features` dimensions, mixed. */
export function mixture(features: number, samples = 300, seed = 1): Dataset {
  return simulateMixture({ classes: 3, samples, features, seed, noise: 0.3 }).dataset;
}

/** A data set from rows and class indices; the classes are named in order. */
export function dataset(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes = ["a", "b", "c"],
): Dataset {
  return {
    name: "table",
    features: Float32Array.from(rows.flat()),
    samples: rows.length,
    width: rows[0].length,
    featureNames: rows[0].map((_, column) => `column ${column}`),
    condition: { name: "kind", classes, labels: Int32Array.from(labels) },
  };
}

/** A data set with every column multiplied by its factor and a constant added. */
export function rescaled(data: Dataset, factor: readonly number[], shift: readonly number[]): Dataset {
  const features = data.features.map((value, i) => value * factor[i % data.width] + shift[i % data.width]);
  return { ...data, features };
}

/** Images whose brightness falls along an axis that depends on the class, with noise. */
export function images(height: number, width: number, samples: number, channels = 1): Dataset {
  const random = new Random(1, "images");
  const labels = Int32Array.from({ length: samples }, (_, i) => i % 2);
  const size = channels * height * width;
  const features = normals(samples * size, 1).map((noise, i) => {
    const [row, column] = [Math.floor((i % (height * width)) / width), i % width];
    const along = labels[Math.floor(i / size)] === 0 ? row / height : column / width;
    return Math.min(1, Math.max(0, along + 0.1 * noise + 0.02 * random.normal()));
  });
  return {
    name: "images",
    features,
    samples,
    width: size,
    featureNames: Array.from({ length: size }, (_, i) => `pixel ${i}`),
    image: { channels, height, width },
    condition: { name: "axis", classes: ["down", "across"], labels },
  };
}

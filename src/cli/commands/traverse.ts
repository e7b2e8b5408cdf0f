import { type Traversal, traversal } from "../../analysis/index.js";
import { hasNoCondition } from "../../data/check.js";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { count } from "../../data/wording.js";
import { writeArray, writeDataset } from "../../data/write.js";
import type { Model } from "../../models/model.js";
import { checkLatentIndex, openModel } from "../open-model.js";
import { jsonOption, outOption, required, wholeNumber } from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput, imageShapeOf } from "../output-file.js";
import { traversalSvg, traversalTiles } from "../traversal-picture.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Show what one latent does: for every class the latent runs from -2 to 2 standard deviations while all others stay
at the means of the class, and the result is decoded. --latent is the index that inspect prints, from 0.
A .png holds, for images, a row for each class with its images and, last, where they change; for vectors a
block for each class whose rows are the features, each coloured from its smallest to its largest value. A
.svg (vectors) shows curves; .csv and .parquet have a row for each class and position, .npy the shape [classes,
positions, features].`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    latent: required(wholeNumber("index of the latent as inspect prints it, from 0")),
    out: outOption("file to write: .png, .svg (vectors), .npy, .csv or .parquet"),
    json: jsonOption,
  },
  examples: [
    "unmix traverse run --latent 1 --out t.png",
    "unmix traverse run --latent 1 --out t.csv",
    "unmix traverse run --latent 1 --out t.svg",
  ],
  async run({ arguments: [path], options }) {
    const extension = checkOutput(options.out, [".png", ".svg", ...arrayExtensions]);
    const { model } = await openModel(path);
    checkLatentIndex(model, options.latent, "--latent");
    const walk = traversal(model.distribution(), (codes) => model.decode(codes), options.latent);
    await write(options.out, extension, model, walk);
    const { latent, positions, classes } = walk;
    if (options.json) return printJson({ out: options.out, latent, positions, classes });
    const where = hasNoCondition(model.facts) ? "" : ` in ${count(classes.length, "class", "classes")}`;
    print(`${options.out}: latent ${latent} at ${count(positions.length, "position")}${where}`);
  },
});

async function write(path: string, extension: string, model: Model, walk: Traversal): Promise<void> {
  const { decoded, positions, classes, width } = walk;
  const { featureNames } = model.facts.data;
  const image = imageShapeOf(model);
  if (extension === ".png") return writeFileAtomic(path, await traversalTiles(walk, image));
  if (extension === ".svg") return writeFileAtomic(path, await traversalSvg(walk, model.facts, image));
  if (extension === ".npy")
    return writeArray(path, { data: decoded, shape: [classes.length, positions.length, width] });
  const samples = classes.length * positions.length;
  const features = new Float32Array(samples * (width + 1));
  for (let row = 0; row < samples; row++) {
    features[row * (width + 1)] = positions[row % positions.length];
    features.set(decoded.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return writeDataset(path, {
    name: path,
    features,
    samples,
    width: width + 1,
    featureNames: ["position", ...featureNames],
    ...(!hasNoCondition(model.facts) && {
      condition: {
        name: model.facts.condition.name,
        classes,
        labels: Int32Array.from({ length: samples }, (_, row) => Math.floor(row / positions.length)),
      },
    }),
  });
}

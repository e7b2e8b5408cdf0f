import { sampleAcrossClasses, sampleCodes } from "../../analysis/index.js";
import { hasNoCondition } from "../../data/check.js";
import type { Dataset } from "../../data/dataset.js";
import { count } from "../../data/wording.js";
import { writeDataset } from "../../data/write.js";
import { isCurved } from "../../distributions/latent-family.js";
import { Random } from "../../engine/random.js";
import { InputError } from "../../errors.js";
import { densityOf, drawCodes, standardDraw } from "../../models/gaussian.js";
import type { ConditionalDensity, Model, SampleOptions } from "../../models/model.js";
import { readForModel } from "../model-data.js";
import { checkLatentIndex, classNamed, openModel } from "../open-model.js";
import {
  decimal,
  file,
  indices,
  jsonOption,
  outOption,
  passThreadsOption,
  seedOption,
  text,
  toggle,
  wholeNumber,
} from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput, requireImages, writeData } from "../output-file.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Draw new data from a model: latents from p(w|u) of a class, decoded. Without --condition every class is
sampled with the same whitened codes: code by code, in each code class by class. With --around latents are drawn from
the Gaussian of one sample, of a self-supervised model. Of an iVAE or a VAE samples are the decoder's means (of a Bernoulli
decoder probabilities), without the noise around them unless --observation-noise asks for it.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    out: outOption("file to write: .npy, .csv or .parquet; .png for images"),
    condition: text(
      "class to sample from, or a value of a continuous condition (default: every class, or values over the range)",
      "class",
      "the name of a class or a value",
    ),
    around: file("data of which one row is sampled around, with a model that was fitted by --method ssl"),
    row: wholeNumber("which row of --around, from 1 (default: 1)", { min: 1 }),
    count: wholeNumber("samples to draw, of each class (default: 10)", { min: 1, max: 10_000_000 }),
    temperature: decimal("factor on the standard deviations (default: 1)", { min: 0 }),
    latents: indices("vary these latents only and keep the others at the mean of the class (default: all)"),
    observationNoise: toggle(
      "add the noise of p(x|w), of the iVAE and the VAEs (default: off, samples are what the decoder makes of latents, their means)",
    ),
    seed: seedOption,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix sample run --condition 3 --count 10 --temperature 0.8 --out s.npy",
    "unmix sample digits --count 8 --out samples.png",
    "unmix sample run --count 100 --seed 7 --out s.csv",
    "unmix sample ivae --count 100 --observation-noise --out s.csv",
    "unmix sample run --around d.csv --row 17 --count 20 --out s.csv",
  ],
  async run({ arguments: [path], options }) {
    const extension = checkOutput(options.out, [...arrayExtensions, ".png"]);
    const { model } = await openModel(path, options.threads);
    if (extension === ".png") requireImages(model, options.out);
    if (options.observationNoise && !model.observe) refuseNoise(model);
    const { latents, temperature = 1, count: codes = 10, seed = 0 } = options;
    for (const latent of latents ?? []) checkLatentIndex(model, latent, "--latents");
    const around = await aroundRow(model, options.around, options.row, options.condition);
    const { gaussian, chosen } = around
      ? { gaussian: around, chosen: around.classes }
      : distributionFor(model, options.condition);
    const normal = standardDraw(gaussian.family, new Random(seed, "sample"));
    const { classes } = gaussian;
    const choice = { temperature, latents };
    const drawn = isCurved(gaussian.family)
      ? codesByClass(gaussian, chosen, { count: codes, seed, ...choice })
      : options.condition === undefined
        ? sampleAcrossClasses(gaussian, codes, normal, choice)
        : sampleCodes(gaussian, classes.indexOf(chosen[0]), codes, normal, choice);
    const data = (options.observationNoise && model.observe?.(drawn, seed)) || model.decode(drawn);
    const samples = codes * chosen.length;
    if (extension === ".csv" || extension === ".parquet") {
      await writeDataset(options.out, labelled(model, data, chosen));
    } else {
      await writeData(options.out, model, data, chosen.length > 1 ? chosen.length : undefined);
    }
    const condition = options.condition === undefined ? null : chosen[0];
    const bare = hasNoCondition(model.facts);
    const row = around ? (options.row ?? 1) : null;
    if (options.json) return printJson({ out: options.out, samples, condition, row, temperature, seed });
    const which = around
      ? `the set of row ${row} of ${options.around}`
      : bare
        ? "the model"
        : condition === null
          ? `each of ${count(classes.length, ...nounOf(model))}`
          : `${model.distributionAt ? model.facts.condition.name : "class"} ${condition}`;
    print(`${options.out}: ${count(codes, "sample")} of ${which} at temperature ${temperature}`);
  },
});

function refuseNoise(model: Model): never {
  throw new InputError(
    `option --observation-noise: found for a model of ${model.title}, whose data are a function of its latents, expected an iVAE or a VAE`,
  );
}

const nounOf = ({ facts }: Model): [string, string] =>
  facts.condition.values ? ["value", "values"] : ["class", "classes"];

/** p(w|u) of the condition that a text names, a class or a point, or of all; and the names of those to sample from. */
function distributionFor(
  model: Model,
  said: string | undefined,
): { gaussian: ConditionalDensity; chosen: readonly string[] } {
  const { values, classes } = model.facts.condition;
  if (said === undefined) return { gaussian: model.distribution(), chosen: classes };
  if (!values) return { gaussian: model.distribution(), chosen: [classNamed(model, said)] };
  const { density, name } = densityOf(model, said);
  return { gaussian: density, chosen: [name] };
}

/** The Gaussian around a row of a file; undefined where none is asked for. Throws InputError. */
async function aroundRow(
  model: Model,
  source: string | undefined,
  row: number | undefined,
  condition: string | undefined,
): Promise<ConditionalDensity | undefined> {
  if (source === undefined) {
    if (row === undefined) return undefined;
    throw new InputError(`option --row: found ${row} without --around, expected both`);
  }
  if (!model.around) {
    throw new InputError(
      `option --around: found for a model of ${model.title}, whose conditions are classes, expected one of --method ssl`,
    );
  }
  if (condition !== undefined) {
    throw new InputError("option --condition: found together with --around, expected one of them");
  }
  const { features, samples, width } = await readForModel(model, source, {});
  const index = (row ?? 1) - 1;
  if (index >= samples) {
    throw new InputError(`option --row: found ${row}, expected at most the ${samples} rows of ${source}`);
  }
  return model.around(features.slice(index * width, (index + 1) * width));
}

/** Codes of a family that has no whitened ones: each class has its own of the same random numbers, [count][class]. */
function codesByClass(
  density: ConditionalDensity,
  classes: readonly string[],
  options: Omit<SampleOptions, "condition">,
): Float32Array {
  const width = density.mean.length / density.classes.length;
  const drawn = classes.map((condition) => drawCodes(density, { ...options, condition }));
  const all = new Float32Array(options.count * classes.length * width);
  for (let row = 0; row < options.count * classes.length; row++) {
    const from = Math.floor(row / classes.length) * width;
    all.set(drawn[row % classes.length].subarray(from, from + width), row * width);
  }
  return all;
}

/** Samples with their classes, where the model has any, in the last column. */
function labelled(model: Model, features: Float32Array, chosen: readonly string[]): Dataset {
  const { condition, data } = model.facts;
  const samples = features.length / model.dataWidth;
  return {
    name: "samples",
    features,
    samples,
    width: model.dataWidth,
    featureNames: data.featureNames,
    ...(!hasNoCondition(model.facts) && {
      condition: {
        name: condition.name,
        classes: chosen,
        labels: Int32Array.from({ length: samples }, (_, row) => row % chosen.length),
      },
    }),
  };
}

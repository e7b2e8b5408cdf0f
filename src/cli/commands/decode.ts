import { readDataset } from "../../data/read.js";
import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import { fromValues } from "../../models/support.js";
import { openModel } from "../open-model.js";
import { file, jsonOption, outOption, passThreadsOption, required } from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput, requireImages, writeData } from "../output-file.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Write the data that belong to latents: the inverse of encode. Rows keep their order. Of an iVAE or a VAE they are what
the decoder makes of the latents: the means of the data, of a Bernoulli decoder probabilities, without noise.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("latents, one row a sample, one column a latent: .npy, .csv or .parquet")),
    out: outOption("file to write: .npy, .csv or .parquet; .png for images"),
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: ["unmix decode run --data w.npy --out x.npy", "unmix decode digits --data w.npy --out x.png"],
  async run({ arguments: [path], options }) {
    const extension = checkOutput(options.out, [...arrayExtensions, ".png"], { inputs: [options.data] });
    const { model } = await openModel(path, options.threads);
    if (extension === ".png") requireImages(model, options.out);
    const { features, samples, width } = await readDataset(options.data);
    if (width !== model.latents) {
      throw new InputError(
        `${options.data}: found ${count(width, "column")}, expected the ${count(model.latents, "latent")} of the model`,
      );
    }
    await writeData(options.out, model, model.decode(fromValues(model, features)));
    if (options.json) printJson({ out: options.out, samples, features: model.dataWidth });
    else print(`${options.out}: ${count(samples, "sample")} of ${count(model.dataWidth, "feature")}`);
  },
});

import { count } from "../../data/wording.js";
import { writeArray } from "../../data/write.js";
import { valuesOnSupport } from "../../models/support.js";
import { labelOptions, modelDataOptions, readForModel, readLabelledForModel } from "../model-data.js";
import { openModel } from "../open-model.js";
import { file, jsonOption, outOption, passThreadsOption, required } from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Write the latents of data, one row a sample in the order of the data, one column a latent (float32). Of a
table, the model's feature columns are found by their names; other columns, such as the label, are ignored. Models whose encoder takes the class of each sample (iVAE) read it from
the column that the fit used, or where --condition or --labels say.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("data to encode: CSV, Parquet, npy, npz, IDX, a folder of PNG images, or mnist")),
    out: outOption("file to write: .npy, .csv or .parquet"),
    condition: labelOptions.condition,
    labels: labelOptions.labels,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix encode run --data d.csv --out w.npy",
    "unmix encode run --data new.parquet --out w.csv",
    "unmix encode digits --data mnist:test --out w.npy",
  ],
  async run({ arguments: [path], options }) {
    checkOutput(options.out, arrayExtensions, { inputs: [options.data] });
    const { model } = await openModel(path, options.threads);
    const { features, header, transposed, condition, labels: labelFile } = options;
    const choice = { features, header, transposed, condition, labels: labelFile };
    const { dataset, conditions } = model.needsLabels
      ? await readLabelledForModel(model, options.data, choice)
      : { dataset: await readForModel(model, options.data, choice), conditions: undefined };
    const { samples } = dataset;
    const shape = [samples, model.latents];
    const columns = Array.from({ length: model.latents }, (_, latent) => `w${latent}`);
    await writeArray(options.out, {
      data: valuesOnSupport(model, model.encode(dataset.features, conditions)),
      shape,
      columns,
    });
    if (options.json) printJson({ out: options.out, samples, latents: model.latents });
    else print(`${options.out}: ${count(model.latents, "latent")} of ${count(samples, "sample")}`);
  },
});

import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import type { Model } from "../../models/model.js";
import { modelledWidth } from "../../models/preprocessing.js";
import { compareWithTruth, readTruth } from "../comparison.js";
import { labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { openModel } from "../open-model.js";
import { file, jsonOption, passThreadsOption, required } from "../options.js";
import { print, printJson, say } from "../output.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Compare the latents of data with the true components that the data were made from (mean correlation
coefficient, MCC), and score the likelihood of labelled data under the model. Labels are taken from the
column that the fit used, if the table has it. "assignment" names the latent of each true component, from 0.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("data to evaluate on")),
    truth: file("true components, one row for each sample of the data: .npy, .csv or .parquet"),
    ...labelOptions,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix evaluate run --data d.csv --truth z.npy --json",
    "unmix evaluate run --data new.csv --condition label",
    "unmix evaluate digits --data mnist:test",
  ],
  async run({ arguments: [path], options }) {
    const { model } = await openModel(path, options.threads);
    const {
      data,
      truth: truthFile,
      condition,
      labels: labelFile,
      only,
      features,
      header,
      transposed,
    } = options;
    const { dataset, labels, note } = await readLabelledForModel(model, data, {
      condition,
      labels: labelFile,
      only,
      features,
      header,
      transposed,
    });
    const truth = truthFile === undefined ? undefined : await readTruth(truthFile, dataset);
    if (truth === undefined && labels === undefined) {
      throw new InputError(
        `${data}: has no labels and no truth is given, expected --truth, --condition or --labels`,
      );
    }
    if (note !== undefined) say(`note: ${note}`);
    const comparison = truth && compareWithTruth(model, dataset.features, truth);
    const unable = model.cannot.logLikelihood;
    if (labels && unable !== undefined) say(`note: no log-likelihood: ${unable}`);
    const logLikelihood =
      labels && unable === undefined ? meanLogLikelihood(model, dataset.features, labels) : null;
    if (options.json) return printJson({ samples: dataset.samples, ...comparison, logLikelihood });
    const lines = [`${data}: ${count(dataset.samples, "sample")}`];
    if (comparison) {
      const pairs = comparison.assignment.map(
        (latent, component) =>
          `true ${component} = latent ${latent} (${comparison.correlations[component].toFixed(4)})`,
      );
      lines.push(
        `MCC ${comparison.mcc.toFixed(4)} (Spearman ${comparison.mccSpearman.toFixed(4)}): ${pairs.join(", ")}`,
        `The matched latents ${comparison.leadingLatentsMatch ? "are" : "are not"} those with the largest ${model.measure}.`,
      );
    }
    if (logLikelihood !== null) lines.push(`Log-likelihood ${logLikelihood.toFixed(4)} nats per dimension`);
    print(lines.join("\n"));
  },
});

/** Mean of log p(x|u) per sample and dimension, in nats. */
function meanLogLikelihood(model: Model, features: Float32Array, labels: Int32Array): number {
  const values = model.logLikelihood(features, labels);
  return (
    values.reduce((sum, value) => sum + value, 0) / values.length / modelledWidth(model.facts.preprocessing)
  );
}

import {
  type Evaluation,
  evaluateLatents,
  METRICS,
  type SampleMatrix,
  selectColumns,
  withLatentNumbers,
} from "../../analysis/index.js";
import type { SampleConditions } from "../../data/dataset.js";
import { count } from "../../data/wording.js";
import { InputError } from "../../errors.js";
import { methodNamed } from "../../models/methods.js";
import type { Model } from "../../models/model.js";
import { modelledWidth } from "../../models/preprocessing.js";
import { valuesOnSupport } from "../../models/support.js";
import { comparisonOf, readTruthAsked, truthNote, truthOptions } from "../comparison.js";
import { evaluationText } from "../evaluation-text.js";
import { labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { checkLatentIndex, openModel } from "../open-model.js";
import { file, indices, jsonOption, passThreadsOption, required, seedOption } from "../options.js";
import { print, printJson, say } from "../output.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Compare the latents of data with the true components that the data were made from, and score the likelihood
of labelled data under the model. The metrics are the mean correlation coefficient (MCC) of a one-to-one
match, the weak MCC after the best affine maps (CCA), R2 of each true component by least squares from all
latents, and DCI from the same regression; each in sample, and, found on one half of the samples, out of
sample on the other. Labels are taken from the column that the fit used, if the table has it. "assignment"
names the latent of each true component, from 0.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("data to evaluate on")),
    ...truthOptions(""),
    latents: indices("compare these latents only with the truth (default: all)"),
    seed: { ...seedOption, description: "seed of the halves in which samples are divided (default: 0)" },
    ...labelOptions,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix evaluate run --data d.csv --truth z.npy --json",
    "unmix evaluate run --data d.csv --truth z.npy --latents 3,7",
    "unmix evaluate tcl --data d.csv --truth z.npy --truth-magnitude",
    "unmix evaluate run --data new.csv --condition label",
    "unmix evaluate digits --data mnist:test",
  ],
  async run({ arguments: [path], options }) {
    const {
      data,
      truth: _,
      truthMagnitude = false,
      labels: labelFile,
      latents,
      seed,
      threads,
      json,
      ...reading
    } = options;
    const { model } = await openModel(path, threads);
    for (const latent of latents ?? []) checkLatentIndex(model, latent, "--latents");
    const choice = { ...reading, labels: labelFile };
    const { dataset, conditions, note } = await readLabelledForModel(model, data, choice);
    const truth = await readTruthAsked(options, dataset);
    const compared = latents?.length ?? model.latents;
    if (truth && truth.width > compared) {
      throw new InputError(
        `${options.truth}: found ${count(truth.width, "component")}, expected at most as many as latents to match them with, ${compared}`,
      );
    }
    if (truth === undefined && conditions === undefined) {
      throw new InputError(
        `${data}: has no labels and no truth is given, expected --truth, --condition or --labels`,
      );
    }
    if (note !== undefined) say(`note: ${note}`);
    const evaluation = truth && evaluate(model, dataset.features, conditions, truth, latents, seed);
    for (const sentence of evaluation?.notes ?? []) say(`note: ${sentence}`);
    const hint = truthNote(methodNamed(model.method, path), truth);
    if (hint !== undefined) say(hint);
    const unable = model.cannot.logLikelihood;
    if (conditions && unable !== undefined) say(`note: no log-likelihood: ${unable}`);
    const logLikelihood =
      conditions && unable === undefined
        ? meanPerDimension(model, model.logLikelihood(dataset.features, conditions))
        : null;
    const bounds =
      conditions && unable === undefined && model.evidenceLowerBound?.(dataset.features, conditions);
    const evidenceLowerBound = bounds ? meanPerDimension(model, bounds) : null;
    const comparison = evaluation && comparisonOf(model, evaluation);
    if (json) {
      const comparedBy = evaluation && {
        latents: latents ?? "all",
        truthMagnitude,
        metrics: evaluation,
        definitions: METRICS,
      };
      const bound = evidenceLowerBound === null ? {} : { evidenceLowerBound };
      return printJson({ samples: dataset.samples, ...comparison, logLikelihood, ...bound, ...comparedBy });
    }
    const against = truthMagnitude ? ", compared with the magnitudes of the true components" : "";
    const lines = [`${data}: ${count(dataset.samples, "sample")}${against}`];
    if (evaluation && comparison) {
      lines.push(
        evaluationText(evaluation),
        `The matched latents ${comparison.leadingLatentsMatch ? "are" : "are not"} those with the largest ${model.measure}.`,
      );
    }
    if (logLikelihood !== null) lines.push(`Log-likelihood ${logLikelihood.toFixed(4)} nats per dimension`);
    if (evidenceLowerBound !== null) {
      lines.push(
        `Evidence lower bound, of single codes, ${evidenceLowerBound.toFixed(4)}; the log-likelihood is estimated from 100 codes a sample`,
      );
    }
    print(lines.join("\n"));
  },
});

/** The metrics of all latents, or of some, which keep their numbers in the assignments. */
function evaluate(
  model: Model,
  features: Float32Array,
  conditions: SampleConditions | undefined,
  truth: SampleMatrix,
  chosen: readonly number[] | undefined,
  seed: number | undefined,
): Evaluation {
  const values = valuesOnSupport(model, model.encode(features, conditions));
  const all = { values, samples: values.length / model.latents, width: model.latents };
  if (!chosen) return evaluateLatents(truth, all, { seed });
  return withLatentNumbers(evaluateLatents(truth, selectColumns(all, chosen), { seed }), chosen);
}

/** The mean over the samples of nats per dimension. */
function meanPerDimension(model: Model, values: Float64Array): number {
  return (
    values.reduce((sum, value) => sum + value, 0) / values.length / modelledWidth(model.facts.preprocessing)
  );
}

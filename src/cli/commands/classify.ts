import {
  accuracy,
  accuracyCurve,
  CRITERIA,
  calibration,
  classLogLikelihoods,
  classPosterior,
  confusionMatrix,
  decayCurve,
  logLoss,
  type Posterior,
  quantityOf,
  type SampleMatrix,
} from "../../analysis/index.js";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { writeArray, writeDataset } from "../../data/write.js";
import { InputError } from "../../errors.js";
import { expectAnswer } from "../../models/model.js";
import {
  type ClassificationScore,
  classificationDocument,
  classificationText,
} from "../classification-text.js";
import { classifierOptions, type ModelClassifier, modelClassifier } from "../model-classifier.js";
import { labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { openModel } from "../open-model.js";
import { file, jsonOption, passThreadsOption, required, text, wholeNumber } from "../options.js";
import { print, printJson, say } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";
import { describeUse } from "../use-report.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Classify data by Bayes' rule on selected latents: p(u|x) in proportion to p(w|u) p(u), with p(w|u) as the model
learned it. Latents are ranked on the rows that the fit held out (or on --reference), never on the data that are
classified. With labels, taken from the column that the fit used or from --condition or --labels, accuracy, log
loss, calibration and confusions are stated as well. Of a table, --out has a column p(CLASS) for every class and
the predicted class last.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(
      file("data to classify: CSV, Parquet, npy, npz, IDX, a folder of PNG images, or mnist:test"),
    ),
    ...classifierOptions,
    bins: wholeNumber("bins of the calibration curve, of equal width (default: 10)", { min: 1, max: 1000 }),
    out: text("file to write p(u|x) to: .csv, .parquet or .npy", "file", "the name of a file"),
    report: text("page to write: .html", "file", "the name of a file"),
    ...labelOptions,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix classify run --data test.csv --latents mi:30 --out p.csv",
    "unmix classify digits --data mnist:test --latents mi:30 --report digits.html --json",
    "unmix classify digits --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --latents var:300",
    "unmix classify run --data test.csv --latents mi:sharp-drop --class-prior training",
  ],
  async run({ arguments: [path], options }) {
    const { data, out, report, bins = 10 } = options;
    if (out !== undefined) checkOutput(out, arrayExtensions, { inputs: [data] });
    if (report !== undefined) checkOutput(report, [".html"], { option: "--report", inputs: [data] });
    const { model } = await openModel(path, options.threads);
    expectAnswer(model, "classify");
    const { condition, labels: labelFile, only, features, header, transposed } = options;
    const reading = { condition, labels: labelFile, only, features, header, transposed };
    const { dataset, labels: found, note } = await readLabelledForModel(model, data, reading);
    const labels = found?.includes(-1) ? undefined : found;
    if (found && !labels) say("note: some rows have no label, so that no accuracy is stated");
    if (report !== undefined && labels === undefined) {
      throw new InputError(
        `option --report: found data without labels (${data}), expected the class of each sample`,
      );
    }
    if (note !== undefined) say(`note: ${note}`);
    const bayes = await modelClassifier(path, model, options);
    const { gaussian, selection, logPrior } = bayes.classifier;
    const latents = {
      values: model.encode(dataset.features),
      samples: dataset.samples,
      width: model.latents,
    };
    const posterior = classPosterior(classLogLikelihoods(gaussian, latents, selection), logPrior);
    const score = labels && scoreOf(bayes, latents, labels, posterior, bins);
    if (out !== undefined) await writePosterior(out, gaussian.classes, posterior);
    if (report !== undefined && labels && score) {
      const { renderClassification } = await import("../../report/classification-report.js");
      const curves = await curvesOf(bayes, latents, labels);
      await writeFileAtomic(
        report,
        renderClassification({ use: describeUse(model, dataset, bayes), ...score, curves }),
      );
    }
    const done = { data, bayes, posterior, score, out, report };
    if (options.json) printJson(classificationDocument(done));
    else print(classificationText(done));
  },
});

function scoreOf(
  { classifier, ranked }: ModelClassifier,
  latents: SampleMatrix,
  labels: Int32Array,
  { log, predicted }: Posterior,
  bins: number,
): ClassificationScore {
  const { gaussian, logPrior } = classifier;
  const classes = gaussian.classes.length;
  return {
    accuracy: accuracy(predicted, labels, classes),
    logLoss: logLoss(log, labels),
    calibration: calibration(log, predicted, labels, bins),
    confusion: confusionMatrix(labels, predicted, classes),
    byCount: accuracyCurve(gaussian, latents, labels, ranked.order, logPrior),
  };
}

/** Accuracy curves of all criteria that are known, the one in use first. */
async function curvesOf(
  { classifier, ranking, ranked }: ModelClassifier,
  latents: SampleMatrix,
  labels: Int32Array,
) {
  const { palette } = await import("../../report/palette.js");
  const colours = { mi: palette.accent, var: palette.second, sigma: palette.truth };
  const { gaussian, logPrior } = classifier;
  const known = CRITERIA.filter((criterion) => criterion !== "mi" || ranking.scores.null !== undefined);
  const others = known.filter((criterion) => criterion !== ranked.criterion);
  return [ranked.criterion, ...others].map((criterion) => {
    const order = decayCurve(ranking.scores, criterion).latents;
    const values = accuracyCurve(gaussian, latents, labels, order, logPrior);
    return { name: quantityOf(criterion), colour: colours[criterion], values };
  });
}

/** A table of posteriors with the predicted class, or in an npy file the posteriors alone. */
async function writePosterior(
  path: string,
  classes: readonly string[],
  { log, predicted }: Posterior,
): Promise<void> {
  const { samples, classes: width } = log;
  const features = Float32Array.from(log.values, Math.exp);
  if (path.toLowerCase().endsWith(".npy"))
    return writeArray(path, { data: features, shape: [samples, width] });
  const featureNames = classes.map((name) => `p(${name})`);
  const condition = { name: "predicted", classes, labels: predicted };
  await writeDataset(path, { name: path, features, samples, width, featureNames, condition });
}

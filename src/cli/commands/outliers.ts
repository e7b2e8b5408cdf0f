import { basename } from "node:path";
import { classLogLikelihoods, DENSITIES, outlierScores, outlierThreshold } from "../../analysis/index.js";
import type { Dataset } from "../../data/dataset.js";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { selectSamples } from "../../data/split.js";
import { InputError } from "../../errors.js";
import type { Model } from "../../models/model.js";
import { classifierOptions, modelClassifier } from "../model-classifier.js";
import { isTable, labelOptions, modelDataOptions, readForModel } from "../model-data.js";
import { openModel } from "../open-model.js";
import { flagOf } from "../option-values.js";
import { choice, decimal, file, jsonOption, names, passThreadsOption, required, text } from "../options.js";
import { compareScores, strangestOf, writeScores } from "../outlier-scores.js";
import { outlierDocument, outlierText } from "../outlier-text.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput } from "../output-file.js";
import { referenceRows } from "../reference-rows.js";
import { describeUse } from "../use-report.js";
import { defineVerb } from "../verb.js";

export default defineVerb({
  description: `Tell data that are unlike those of the fit. The score of a sample is minus the log of its density over selected
latents, the sum (or the maximum) over the classes u of p(w|u) p(u): the higher, the stranger. With --against,
data that count as outliers, the area under the ROC curve says how well the score tells the two apart. Without,
samples are called outliers whose score exceeds a threshold, set so that the rows which the fit held out (or
--reference) give at most --false-alarms.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("data to score")),
    against: file("data that count as outliers"),
    againstLabels: file("file with one label a sample of --against, where --against-only chooses by it"),
    againstOnly: names("classes of --against to keep (default: all)"),
    ...classifierOptions,
    density: choice("how the densities of the classes become one (default: sum)", DENSITIES),
    falseAlarms: decimal("share of normal samples that may be called outliers (default: 0.05)", {
      min: 0,
      max: 0.99,
    }),
    out: text("file to write the scores to: .csv, .parquet or .npy", "file", "the name of a file"),
    report: text("page to write: .html", "file", "the name of a file"),
    ...labelOptions,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
  },
  examples: [
    "unmix outliers run --data test.csv --against other.csv --latents mi:30 --json",
    "unmix outliers run --data new.csv --false-alarms 0.01 --out scores.csv",
    "unmix outliers digits --data mnist:test --against t10k-images-idx3-ubyte.gz --latents mi:30 --report fashion.html",
    "unmix outliers without-8-and-9 --data mnist:test --only 0,1,2,3,4,5,6,7 --against mnist:test --against-only 8,9",
  ],
  async run({ arguments: [path], options }) {
    const { data, against: other, density = "sum", falseAlarms = 0.05, out, report } = options;
    const inputs = other === undefined ? [data] : [data, other];
    if (out !== undefined) checkOutput(out, arrayExtensions, { inputs });
    if (report !== undefined) checkOutput(report, [".html"], { option: "--report", inputs });
    for (const name of ["againstLabels", "againstOnly"] as const) {
      if (other !== undefined || options[name] === undefined) continue;
      throw new InputError(`option --against: missing, expected the data that ${flagOf(name)} speaks of`);
    }
    const { model } = await openModel(path, options.threads);
    const bayes = await modelClassifier(path, model, options);
    const { gaussian, selection, logPrior } = bayes.classifier;
    const score = ({ features, samples }: Dataset): Float64Array => {
      const latents = { values: model.encode(features), samples, width: model.latents };
      return outlierScores(classLogLikelihoods(gaussian, latents, selection), logPrior, density);
    };
    const { condition, labels, only, againstLabels, againstOnly, ...reading } = options;
    const dataset = await readChosen(model, data, { ...reading, condition, labels, only });
    const outliers =
      other === undefined
        ? undefined
        : await readChosen(model, other, { ...reading, condition, labels: againstLabels, only: againstOnly });
    const reference = outliers ? undefined : await referenceRows(path, model, options);
    const scores = score(dataset);
    const known = reference && { name: reference.name, scores: score(reference.dataset) };
    const threshold = outlierThreshold(known?.scores ?? scores, falseAlarms);
    const strangest = strangestOf(scores);
    const compared = outliers && compareScores(outliers.name, scores, score(outliers));
    if (out !== undefined) await writeScores(out, scores, compared?.scores, threshold);
    if (report !== undefined) {
      const { renderOutliers } = await import("../../report/outlier-report.js");
      const use = describeUse(model, dataset, bayes);
      const densityText = `the ${density === "sum" ? "sum" : "largest"} over the classes of p(w|u) p(u)`;
      const input = { use, density: densityText, scores, falseAlarmRate: falseAlarms, threshold };
      await writeFileAtomic(
        report,
        renderOutliers({
          ...input,
          against: compared && { ...compared, name: basename(compared.name) },
          reference: known,
          strangest: { rows: strangest, images: dataset.image && selectSamples(dataset, strangest).features },
        }),
      );
    }
    const done = {
      data,
      bayes,
      density,
      scores,
      falseAlarmRate: falseAlarms,
      threshold,
      strangest,
      thresholdFrom: known?.name ?? data,
      against: compared,
      out,
      report,
    };
    if (options.json) printJson(outlierDocument(done));
    else print(outlierText(done));
  },
});

interface ChosenData {
  readonly condition?: string | undefined;
  readonly labels?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly features?: readonly string[] | undefined;
  readonly header?: boolean | undefined;
  readonly transposed?: boolean | undefined;
}

/** Reads data; labels matter only where classes are chosen by them. */
function readChosen(model: Model, source: string, choice: ChosenData): Promise<Dataset> {
  const { features, header, transposed, only } = choice;
  if (only === undefined) return readForModel(model, source, { features, header, transposed });
  const column = isTable(source) ? model.facts.condition.name : undefined;
  const { labels, condition = labels === undefined ? column : undefined } = choice;
  return readForModel(model, source, { features, header, transposed, only, labels, condition });
}

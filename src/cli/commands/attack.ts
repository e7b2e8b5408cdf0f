import { ATTACKS, type Attack, attackSpace, attackTrial } from "../../analysis/index.js";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { selectSamples } from "../../data/split.js";
import { InputError } from "../../errors.js";
import { expectAnswer } from "../../models/model.js";
import type { AttackOutcome } from "../../report/attack-report.js";
import { evenlySpread } from "../../report/rows.js";
import { AttackExamples, firstOfEachClass } from "../attack-examples.js";
import { attackDocument, attackText } from "../attack-text.js";
import { classifierOptions, modelClassifier } from "../model-classifier.js";
import { labelledOnly, labelOptions, modelDataOptions, readLabelledForModel } from "../model-data.js";
import { openModel } from "../open-model.js";
import {
  choices,
  decimal,
  decimals,
  file,
  jsonOption,
  passThreadsOption,
  quietOption,
  required,
  text,
  wholeNumber,
} from "../options.js";
import { print, printJson } from "../output.js";
import { arrayExtensions, checkOutput, requireImages, writeData } from "../output-file.js";
import { describeUse } from "../use-report.js";
import { defineVerb } from "../verb.js";
import { workView } from "../work-view.js";

export default defineVerb({
  description: `Change data a little so that the classifier on selected latents errs, through the whole flow, and see how often a
rejection rule notices: a sample is refused where for every class u its density p(w|u) is below that of the point
k standard deviations from the mean. --attack fgsm takes one step along the signs of the gradient of the
cross-entropy, pgd many small ones; evasion is pgd by an attacker who knows the rule and, once the classifier
errs, climbs to where samples pass. A defence that has met one attack only is not known to work. Strengths are the
largest change of a feature: for images in units of pixels in 0..1, which stay in that range; for tables in
units of the scale by which the model divides each column. Labels are needed, and latents are ranked as by classify.`,
  arguments: [{ name: "run", description: "folder of a run, or a model file" }],
  options: {
    data: required(file("labelled data to attack")),
    epsilon: decimals("strengths (default: 0.001,0.02); 0 is always among them", { min: 0 }),
    attack: choices("attacks (default: fgsm)", ATTACKS),
    steps: wholeNumber("steps of pgd and evasion (default: 20)", { min: 1, max: 10_000 }),
    stepSize: decimal("length of their steps (default: 2.5 strength / steps)", { above: 0 }),
    reject: decimal("k of the rejection rule (default: 1)", { above: 0 }),
    samples: wholeNumber("attack so many samples only, evenly spread (default: all)", { min: 1 }),
    ...classifierOptions,
    out: text(
      "file to write the data to as the last attack leaves them at the greatest strength: .npy, .csv or .parquet; .png for images",
      "file",
      "the name of a file",
    ),
    report: text("page to write: .html", "file", "the name of a file"),
    ...labelOptions,
    ...modelDataOptions,
    threads: passThreadsOption,
    json: jsonOption,
    quiet: quietOption,
  },
  examples: [
    "unmix attack digits --data mnist:test --epsilon 0.001,0.02 --latents mi:30 --reject 1 --report attack.html",
    "unmix attack digits --data mnist:test --samples 1000 --attack fgsm,pgd,evasion --latents var:30 --json",
    "unmix attack run --data test.csv --epsilon 0.1 --latents mi:2 --out attacked.csv",
  ],
  async run({ arguments: [path], options }) {
    const { data, out, report, reject = 1, steps = 20, stepSize, attack = ["fgsm"] } = options;
    const extension = out && checkOutput(out, [...arrayExtensions, ".png"], { inputs: [data] });
    if (report !== undefined) checkOutput(report, [".html"], { option: "--report", inputs: [data] });
    const { model } = await openModel(path, options.threads);
    expectAnswer(model, "classify");
    if (out !== undefined && extension === ".png") requireImages(model, out);
    const { condition, labels: labelFile, only, features, header, transposed } = options;
    const reading = { condition, labels: labelFile, only, features, header, transposed };
    const all = labelledOnly(await readLabelledForModel(model, data, reading));
    if (all.labels === undefined) {
      throw new InputError(
        `${data}: has no labels, expected the class of each sample; name it with --condition or --labels`,
      );
    }
    const bayes = await modelClassifier(path, model, options);
    const { classes } = bayes.classifier.gaussian;
    const rows = evenlySpread(all.dataset.samples, options.samples ?? all.dataset.samples);
    const dataset = selectSamples(all.dataset, rows);
    const labels = Int32Array.from(rows, (row) => all.labels?.[row] ?? 0);
    const strengths = [...new Set([0, ...(options.epsilon ?? [0.001, 0.02])])].sort((a, b) => a - b);
    const shown = dataset.image ? firstOfEachClass(labels, classes.length) : [];
    const view = workView(process.stderr, options.quiet);
    const attacks: AttackOutcome[] = [];
    const last = new Float32Array(dataset.features.length);
    for (const [done, name] of attack.entries()) {
      const examples = new AttackExamples(dataset, shown, classes, strengths);
      const job = {
        model,
        classifier: bayes.classifier,
        dataset,
        labels,
        strengths,
        steps,
        stepSize,
        reject,
      };
      const outcome = await attackTrial({ ...job, attack: name }, (part) => {
        examples.add(part);
        if (part.strength === strengths.length - 1) last.set(part.data, part.from * dataset.width);
        const share =
          (part.from + part.predicted.length * ((part.strength + 1) / strengths.length)) / labels.length;
        view.update((done + share) / attack.length, name);
        // So that Ctrl-C is heard.
        return new Promise((resolve) => setImmediate(resolve));
      });
      attacks.push({
        name: nameOf(name, steps),
        knowsRule: name === "evasion",
        strengths: outcome,
        examples: dataset.image && examples.rows(),
      });
    }
    view.end();
    if (out !== undefined) await writeData(out, model, last);
    const { unit } = attackSpace(dataset, model);
    if (report !== undefined) {
      const { renderAttack } = await import("../../report/attack-report.js");
      const originals = dataset.image && {
        shape: dataset.image,
        images: selectSamples(dataset, shown).features,
        labels: shown.map((sample) => classes[labels[sample]]),
      };
      const use = describeUse(model, dataset, bayes);
      await writeFileAtomic(report, renderAttack({ use, reject, unit, attacks, originals }));
    }
    const done = {
      data,
      samples: dataset.samples,
      bayes,
      attacks,
      steps,
      stepSize,
      reject,
      unit,
      out,
      report,
    };
    if (options.json) printJson(attackDocument(done));
    else print(attackText(done));
  },
});

const nameOf = (attack: Attack, steps: number): string =>
  ({ fgsm: "FGSM", pgd: `PGD, ${steps} steps`, evasion: `PGD that knows the rule, ${steps} steps` })[attack];

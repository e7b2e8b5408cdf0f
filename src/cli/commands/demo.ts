import { join } from "node:path";
import { withCondition } from "../../data/check.js";
import { writeArray, writeDataset } from "../../data/write.js";
import { InputError } from "../../errors.js";
import { gin } from "../../models/gin/method.js";
import { simulateMixture } from "../../simulate/mixture.js";
import { fitDocument, truthText } from "../fit-text.js";
import { informationText } from "../information-summary.js";
import { informativeText, trainingText } from "../model-summary.js";
import { jsonOption, quietOption, text, threadsOption, wholeNumber } from "../options.js";
import { print, printJson } from "../output.js";
import { duration, progressView } from "../progress.js";
import { RunFolder } from "../run-folder.js";
import { defineVerb } from "../verb.js";

const SEED = 1;
const CLASSES = 5;
const SAMPLES = 10_000;
const INFORMATIVE = 2;

export default defineVerb({
  description: `Show what unmix does, in well under a minute: simulate data whose true latents are known, fit GIN with its
defaults, and compare. The folder receives the data (d.csv), the truth (z.npy) and a run with its report.`,
  arguments: [],
  options: {
    out: text("folder to write (default: unmix-demo)", "folder", "the name of a folder"),
    epochs: wholeNumber("passes over the data (default: until converged)"),
    threads: threadsOption,
    json: jsonOption,
    quiet: quietOption,
  },
  examples: ["unmix demo", "unmix demo --out try --json"],
  async run({ options }) {
    const folder = new RunFolder(options.out ?? "unmix-demo");
    await claim(folder);
    const view = progressView(process.stderr, options.quiet);
    const tell = (sentence: string) => {
      if (!options.json && !options.quiet) print(sentence);
    };
    tell(
      `Simulating ${SAMPLES.toLocaleString("en-US")} samples of 10 features in ${CLASSES} classes: ${INFORMATIVE} latents that ` +
        "depend on the class and 8 that are noise, mixed by a random invertible network.",
    );
    const { dataset: simulated, truth } = simulateMixture({
      classes: CLASSES,
      samples: SAMPLES,
      noise: 0.01,
      seed: SEED,
    });
    await folder.prepare({ empty: true });
    const data = join(folder.path, "d.csv");
    const dataset = withCondition({ ...simulated, name: data });
    await writeDataset(data, dataset);
    const shape = [SAMPLES, INFORMATIVE];
    await writeArray(join(folder.path, "z.npy"), { data: truth, shape });

    tell("Fitting GIN, a volume-preserving flow, to the mixed data and their classes.");
    const { runFit } = await import("../run-fit.js");
    const { model, seconds, comparison, measured } = await runFit({
      verb: "demo",
      command: process.argv.slice(2),
      dataset,
      truth: { values: truth, samples: SAMPLES, width: INFORMATIVE },
      method: gin,
      settings: { seed: SEED, epochs: options.epochs, threads: options.threads },
      said: { ...options },
      folder,
      resume: false,
      overwrite: false,
      checkpointSeconds: Number.POSITIVE_INFINITY,
      view,
      goOn: "run the demo again",
    });
    const document = fitDocument(folder, model, seconds, comparison, measured);
    if (options.json) return printJson(document);
    print(
      [
        `Trained in ${duration(seconds)}: ${trainingText(document)}`,
        informativeText(document),
        ...(document.mutualInformation ? [informationText(document.mutualInformation)] : []),
        ...(comparison ? [truthText(comparison)] : []),
        `Report: ${document.report} (open it in a browser)`,
        `Next: unmix inspect ${folder.path}`,
      ].join("\n"),
    );
  },
});

/** A demo replaces only a folder that a demo has made. */
async function claim(folder: RunFolder): Promise<void> {
  const state = await folder.state();
  const record = await folder.record();
  if (record?.verb === "demo") return;
  if (state.kind === "free" && record === undefined && (await folder.isEmpty())) return;
  throw new InputError(
    `${folder.path}: holds files that are not of a demo, expected an empty or new folder; choose one with --out`,
  );
}

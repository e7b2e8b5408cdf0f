import { InputError } from "../../errors.js";
import type { FitProgress } from "../../models/method.js";
import { commandText } from "../command-text.js";
import { readTruthAsked, truthNote, truthOptions } from "../comparison.js";
import { conditionOptions } from "../condition-options.js";
import { streamOption, withFitData } from "../fit-data.js";
import { chosenMethod, methodOption, methodOptions } from "../method-options.js";
import {
  decimal,
  file,
  jsonOption,
  names,
  type OptionValues,
  quietOption,
  text,
  toggle,
  wholeNumber,
} from "../options.js";
import { print, printJson, say } from "../output.js";
import { progressText, progressView } from "../progress.js";
import { RunFolder } from "../run-folder.js";
import { expectSameOptions } from "../same-options.js";
import type { SplitChoice } from "../split-fit.js";
import { defineVerb } from "../verb.js";

const options = {
  condition: text(
    "column with the class of each row; every other numeric column is a feature. Several columns, a,b, are taken together",
    "column",
    "the name of a column",
  ),
  ...conditionOptions,
  splitLabels: wholeNumber(
    "split each label into so many parts, by clustering in the latents of a first fit, and fit to the parts: more conditions (gin)",
    { min: 2, max: 100 },
  ),
  splitRounds: wholeNumber("how often labels are split, each time in better latents (default: 2)", {
    min: 1,
    max: 10,
  }),
  out: text("folder for model, metrics and report (default: run)", "folder", "the name of a folder"),
  features: names("columns to use as features (default: every column but the condition)"),
  labels: file("file with one label a sample, for npy, npz and IDX data"),
  only: names("classes to keep; rows of other classes are left out (default: all)"),
  header: toggle("the first row of a text file names the columns (default: where it holds a word)", {
    negatable: true,
  }),
  transposed: toggle("swap rows and columns of every image, as EMNIST's files need"),
  stream: streamOption,
  ...truthOptions("; only for the comparison in the report"),
  method: methodOption,
  ...methodOptions,
  resume: toggle("go on from the checkpoint of an interrupted fit"),
  overwrite: toggle("replace the run that the folder holds"),
  checkpointEvery: decimal("seconds between checkpoints (default: 10)", { above: 0 }),
  keepEvery: wholeNumber(
    "epochs between models that are kept as the fit goes on, in stages/epoch-NNN.safetensors (default: none)",
    { min: 1 },
  ),
  profile: toggle("measure where a training step's time goes: prints a table, and writes profile.json"),
  json: jsonOption,
  quiet: quietOption,
} as const;

type FitOptions = OptionValues<typeof options>;

export default defineVerb({
  description: `Find the latent variables behind data: fit GIN, a volume-preserving flow, so that the latents of each class are
independent; or (--method) self-supervised GIN, for which --augment says what makes other samples of a sample; the identifiable
VAE and its kin; or, as a baseline, PCA or FastICA. Self-supervised GIN, PCA, FastICA and the VAEs without the i need no
condition. Options that only some methods
take are marked with the names of these. DATA is a CSV, Parquet, npy, npz or IDX file, a folder with PNG images in one sub-folder a class,
or mnist. The folder receives model.safetensors, scores.json, metrics.jsonl, run.json and report.html. Ctrl-C leaves a
checkpoint: repeat the command with --resume, and the result is the same as without the interruption.`,
  arguments: [{ name: "data", description: "data to fit" }],
  options,
  examples: [
    "unmix fit d.csv --condition label --out run --seed 1",
    "unmix fit d.parquet --condition group --features a,b,c --restarts 3 --out run",
    "unmix fit big.parquet --condition group --stream on --out big",
    "unmix fit mnist --preset image --epochs 8 --out digits",
    "unmix fit mnist --only 0,1,2,3,4,5,6,7 --out without-8-and-9",
    "unmix fit emnist-digits-train-images-idx3-ubyte.gz --labels emnist-digits-train-labels-idx1-ubyte.gz --transposed --out emnist",
    "unmix fit d.csv --method ssl --augment noise:x1,x2=1 --out ssl",
    "unmix fit series.csv --method ssl --augment neighbours=5,jitter=0.1 --copies 9 --out ssl",
    "unmix fit mnist --method ssl --augment translate=0.1,rotate=5,scale=0.8..1.25 --out ssl-digits",
    "unmix fit d.csv --config fit.yaml --epochs 100",
    "unmix fit d.csv --condition label --out run --epochs 20 --threads 1 --profile",
    "unmix fit d.csv --condition label --method ica --components 5 --out ica",
    "unmix fit d.csv --condition time --condition-kind continuous --out series",
    "unmix fit d.csv --condition time,site --condition-kind continuous,class --out sites",
    "unmix fit d.csv --condition label --semi-supervised --out few-labels",
    "unmix fit d.csv --condition p1,p2,p3 --condition-kind soft --out soft",
    "unmix fit d.csv --condition label --split-labels 3 --out parts",
    "unmix fit d.csv --condition segment --method ivae --latents 5 --out ivae",
    "unmix fit d.csv --method beta-tcvae --beta 6 --anneal 10 --out beta",
  ],
  async run({ arguments: [source], options: said }) {
    const { method, settings } = chosenMethod(said);
    const folder = new RunFolder(said.out ?? "run");
    const resume = await claim(folder, said);
    if (resume === "finished") return reportFinished(folder, source, { ...said, method: method.name });
    const describe = (progress: FitProgress, left: number | null) =>
      progressText(progress, left, method.progressTells);
    const view = progressView(process.stderr, said.quiet, describe);
    const before = resume ? await folder.record() : undefined;
    await withFitData(source, said, { method, folder, before, view }, async (dataset) => {
      const truth = await readTruthAsked(said, dataset);
      const hint = truthNote(method, truth);
      if (hint !== undefined) view.note(hint);
      const command = process.argv.slice(2);
      const again = command.filter((argument) => argument !== "--resume" && argument !== "--overwrite");
      const { runFit } = await import("../run-fit.js");
      const { model, seconds, comparison, measured, profile } = await runFit({
        verb: "fit",
        command,
        dataset,
        truth,
        method,
        settings,
        said: { data: source, ...said },
        folder,
        resume,
        overwrite: said.overwrite === true,
        checkpointSeconds: said.checkpointEvery ?? 10,
        stageEvery: said.keepEvery,
        split: splitOf(said),
        profile: said.profile === true,
        view,
        goOn: `go on with: ${commandText([...again, "--resume"])}`,
      });
      const { fitDocument, fitText } = await import("../fit-text.js");
      const document = fitDocument(folder, model, seconds, comparison, measured);
      if (said.json) return printJson(profile ? { ...document, profile } : document);
      print(fitText(document));
      if (!profile) return;
      const { profileText } = await import("../profile-text.js");
      print(`\n${profileText(profile)}`);
    });
  },
});

/** How labels are to be split. Throws InputError where only the rounds are said. */
function splitOf({ splitLabels: parts, splitRounds: rounds }: FitOptions): SplitChoice | undefined {
  if (parts !== undefined) return { parts, rounds: rounds ?? 2 };
  if (rounds === undefined) return undefined;
  throw new InputError("option --split-rounds: found without --split-labels, expected both");
}

/** Whether to go on from a checkpoint. Throws InputError where the folder holds what would be lost. */
async function claim(folder: RunFolder, said: FitOptions): Promise<boolean | "finished"> {
  if (said.resume && said.overwrite) {
    throw new InputError("option --resume: found together with --overwrite, expected one of them");
  }
  const state = await folder.state();
  if (said.overwrite || state.kind === "free") return false;
  if (state.kind === "unfinished") {
    if (said.resume) return true;
    throw new InputError(
      `${folder.path}: holds a fit that is not finished; add --resume to go on with it, or --overwrite to start anew`,
    );
  }
  if (state.kind === "finished" && said.resume) return "finished";
  const what = state.kind === "finished" ? "a finished run" : `a file ${state.file} that is not of a run`;
  throw new InputError(
    `${folder.path}: already holds ${what}; choose another folder with --out, or add --overwrite`,
  );
}

/** Options that say how a fit is run and shown, not what comes out. */
const incidental = new Set([
  "out",
  "resume",
  "overwrite",
  "checkpointEvery",
  "keepEvery",
  "profile",
  "json",
  "quiet",
  "config",
]);

/** Throws InputError when the finished fit was made from something else than what is asked for now. */
async function expectSameRequest(folder: RunFolder, asked: Record<string, unknown>): Promise<void> {
  const record = await folder.record();
  if (!record) return;
  const before: Record<string, unknown> = { ...record.options, method: record.method };
  const names = new Set([...Object.keys(before), ...Object.keys(asked)]);
  expectSameOptions(before, asked, {
    names: [...names].filter((name) => !incidental.has(name)),
    whose: `the finished fit in ${folder.path}`,
    advice: "; give another --out, or --overwrite",
  });
}

async function reportFinished(folder: RunFolder, source: string, said: FitOptions): Promise<void> {
  await expectSameRequest(folder, { data: source, ...said });
  const { openModel } = await import("../open-model.js");
  const { model } = await openModel(folder.path);
  if (!said.quiet) say(`${folder.path}: the fit is finished, there is nothing to do`);
  const { fitDocument } = await import("../fit-text.js");
  if (!said.json) return;
  const { readScores } = await import("../score-file.js");
  printJson(fitDocument(folder, model, null, undefined, await readScores(folder.path, model)));
}

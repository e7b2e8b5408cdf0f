import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname, relative } from "node:path";
import { writeFileAtomic } from "../../data/files/atomic-write.js";
import { InputError } from "../../errors.js";
import { type Experiment, QUICK_SEEDS, type Scale } from "../../experiments/experiment.js";
import { experimentNamed, experiments } from "../../experiments/experiments.js";
import { type Inputs, NO_INPUTS } from "../../experiments/inputs.js";
import { headlineCells, replaceMarked } from "../../experiments/markdown.js";
import { type ReproductionProgress, reproduce } from "../../experiments/reproduce.js";
import { type Result, resultDocument, resultOf } from "../../experiments/result.js";
import { seedsOption, seedsText } from "../../experiments/seeds.js";
import type { KeptTrial, Surroundings } from "../../experiments/trial-record.js";
import { file, names, type OptionValues, text, threadsOf, threadsOption, toggle } from "../../options.js";
import { commandText } from "../command-text.js";
import { Interrupted } from "../errors.js";
import { stoppable } from "../interrupt.js";
import { NAMED_DATA_FORM, NAMED_MODELS_FORM, namedData, namedModels } from "../named-data.js";
import { jsonOption, quietOption } from "../options.js";
import { print, printJson } from "../output.js";
import { duration, progressView } from "../progress.js";
import { ReproductionFolder } from "../reproduction-folder.js";
import { openRun, trainedRun } from "../trained-run.js";
import { defineVerb } from "../verb.js";
import { packageVersion } from "../version.js";

const options = {
  seeds: seedsOption("seeds, one trial each (default: the experiment's own)"),
  out: text(
    "folder to write; each experiment has a folder of its own in it (default: reproductions)",
    "folder",
    "the name of a folder",
  ),
  quick: toggle("small, short trials that show how it works and prove nothing"),
  run: file("folder of a finished or unfinished fit, for experiments that take hours to train"),
  data: {
    ...names("further data of the experiment"),
    placeholder: "<name=file,...>",
    description: "further data by name: test images with labels, images to tell as outliers",
    expected: NAMED_DATA_FORM,
  },
  models: {
    ...names("further models of the experiment"),
    placeholder: "<name=run,...>",
    description: "further models by name, such as one that was fitted with labels",
    expected: NAMED_MODELS_FORM,
  },
  transposed: toggle("swap rows and columns of the images of --data, as EMNIST's files need"),
  anew: toggle("do trials again that are done already"),
  headline: file("Markdown file with markers <!-- ID --><!-- /ID -->: the result is put between them"),
  threads: threadsOption,
  json: jsonOption,
  quiet: quietOption,
} as const;

type Said = OptionValues<typeof options>;

export default defineVerb({
  description: `Repeat experiments of the papers: train and measure with several seeds, and write what the paper says beside
what comes out, as figures, tables and JSON. Without an id, list the experiments. Trials are kept as soon as they
are done: the same command again goes on where it was stopped, and further seeds are added to those that ran.`,
  arguments: [{ name: "ids", description: "experiments to repeat, by their ids", list: true }],
  options,
  examples: [
    "unmix reproduce",
    "unmix reproduce gin-exp1 --quick",
    "unmix reproduce gin-exp1 --seeds 1..5 --out results",
    "unmix reproduce gin-exp1 gin-exp2 --json",
    "unmix reproduce mi-digits --run digits --data fashion=t10k-images-idx3-ubyte.gz",
    "unmix reproduce ssl-benefit --run ssl-digits --models supervised=digits",
  ],
  async run({ arguments: ids, options: said }) {
    if (ids.length === 0) return said.json ? listJson() : list();
    const chosen = ids.map(experimentNamed);
    const results: Result[] = [];
    for (const experiment of chosen) results.push(await repeat(experiment, said));
    if (!said.json) return;
    const documents = results.map(resultDocument);
    printJson(documents.length === 1 ? documents[0] : documents);
  },
});

/** Every experiment in a line, with what the paper says. */
function list(): void {
  const width = Math.max(...experiments.map(({ id }) => id.length));
  const lines = experiments.map(({ id, title, says }) => `${id.padEnd(width)}  ${title}. The paper: ${says}`);
  print(lines.join("\n"));
}

function listJson(): void {
  printJson(
    experiments.map(({ id, title, says, method, source, seeds, cases }) => {
      return {
        id,
        title,
        paper: says,
        source,
        method,
        seeds: seedsText(seeds),
        cases: cases("full", NO_INPUTS),
      };
    }),
  );
}

/** Repeats one experiment in its folder. Throws Interrupted after Ctrl-C, when every trial that is done is kept. */
async function repeat(experiment: Experiment, said: Said): Promise<Result> {
  const folder = new ReproductionFolder(said.out ?? "reproductions");
  const scale: Scale = said.quick ? "quick" : "full";
  const target =
    said.headline === undefined ? undefined : await readHeadline(said.headline, experiment, scale);
  const inputs = await inputsOf(experiment, scale, folder, said);
  const seeds = await seedsOf(experiment, scale, folder, said, inputs);
  const view = progressView(process.stderr, said.quiet, progressText);
  let kept = 0;
  const end = await stoppable((signal) =>
    reproduce(
      experiment,
      {
        scale,
        seeds,
        inputs,
        threads: threadsOf(said.threads),
        surroundings: surroundings(),
        processorSeconds,
        anew: said.anew,
      },
      folder.trials,
      {
        signal,
        onProgress: (progress) => view.update(progress),
        onTrial: (trial, wasKept) => {
          if (wasKept) kept++;
          else view.note(trialText(experiment, trial));
        },
      },
    ),
  );
  view.end();
  if (end.stopped !== null) {
    throw new Interrupted(
      end.stopped,
      "Interrupted; every trial that is done is kept: run the command again to go on",
    );
  }
  const result = resultOf(experiment, scale, end.value, commandOf(experiment, seeds, said, inputs));
  await folder.write(result);
  if (target !== undefined && said.headline !== undefined) {
    const link = relative(dirname(said.headline), folder.folderOf(experiment.id));
    const text = replaceMarked(
      target,
      experiment.id,
      headlineCells(resultDocument(result), link.replaceAll("\\", "/")),
    );
    if (text !== undefined) await writeFileAtomic(said.headline, text);
  }
  if (!said.json) print(resultText(result, folder.folderOf(experiment.id), kept));
  return result;
}

/** The run and the data that an experiment is given; a run is trained first where it needs one and is given none. */
async function inputsOf(
  { id, training }: Experiment,
  scale: Scale,
  folder: ReproductionFolder,
  said: Said,
): Promise<Inputs> {
  if (training === undefined) {
    const strange = (["run", "data", "models", "transposed"] as const).find(
      (name) => said[name] !== undefined,
    );
    if (strange === undefined) return NO_INPUTS;
    throw new InputError(
      `option --${strange}: found with ${id}, which makes its own data, expected it left out`,
    );
  }
  const data = await namedData(said.data ?? [], said.transposed);
  const threads = threadsOf(said.threads);
  const models = await namedModels(said.models ?? [], threads);
  if (said.run !== undefined) return { run: await openRun(said.run, threads), data, models };
  const view = progressView(process.stderr, said.quiet);
  const needed = training(scale);
  return { run: await trainedRun(await folder.runPath(needed), needed, threads, view), data, models };
}

/** The seeds asked for and those that ran before; of a run its own. */
async function seedsOf(
  { id, seeds, training }: Experiment,
  scale: Scale,
  folder: ReproductionFolder,
  said: Said,
  { run }: Inputs,
): Promise<number[]> {
  if (training && run) {
    if (said.seeds === undefined) return [run.seed];
    throw new InputError(
      `option --seeds: found with ${id}, whose seed is that of its run, expected it left out`,
    );
  }
  const asked = said.seeds ?? (scale === "quick" ? QUICK_SEEDS : seeds);
  return [...new Set([...asked, ...(await folder.seedsBefore(id, scale))])].sort((a, b) => a - b);
}

/** The Markdown file that the result is to stand in. Throws InputError where it has no place for it. */
async function readHeadline(path: string, { id }: Experiment, scale: Scale): Promise<string> {
  if (scale === "quick") {
    throw new InputError("option --headline: found together with --quick, whose results prove nothing");
  }
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new InputError(`${path}: cannot be read (${error.message})`);
  });
  if (replaceMarked(text, id, "") === undefined) {
    throw new InputError(
      `${path}: found no markers <!-- ${id} --><!-- /${id} -->, expected a place for the result`,
    );
  }
  return text;
}

/** The command that repeats a result: what decides it, and nothing of where it is written. */
function commandOf(
  { id, training }: Experiment,
  seeds: readonly number[],
  said: Said,
  { run, data, models }: Inputs,
): string {
  const words = ["reproduce", id];
  if (!training) words.push("--seeds", seedsText(seeds).replaceAll("-", "..").replaceAll(" ", ""));
  if (said.run !== undefined && run) words.push("--run", run.name);
  if (said.data !== undefined) words.push("--data", data.map(({ name }) => `${name}=FILE`).join(","));
  if (said.models !== undefined) words.push("--models", models.map(({ name }) => `${name}=RUN`).join(","));
  if (said.quick) words.push("--quick");
  if (typeof said.threads === "number") words.push("--threads", String(said.threads));
  return commandText(words);
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function surroundings(): Surroundings {
  const cores = cpus();
  return {
    unmix: packageVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cores[0]?.model.trim() ?? "unknown",
    cores: cores.length,
  };
}

function progressText({ case: name, seed, done, trials }: ReproductionProgress, left: number | null): string {
  const parts = [`trial ${done + 1} of ${trials}`, `${name}, seed ${seed}`];
  if (left !== null) parts.push(`about ${duration(left)} left`);
  return parts.join("  ");
}

function trialText({ id }: Experiment, { case: { name }, seed, seconds, failure }: KeptTrial): string {
  return `${id}  ${name}, seed ${seed}: ${failure ?? `done in ${duration(seconds.elapsed)}`}`;
}

function resultText({ experiment, conclusion, seeds, trials }: Result, folder: string, kept: number): string {
  const findings = conclusion.findings.flatMap(({ paper, ours }) => [
    `  paper: ${paper}`,
    `  here:  ${ours}`,
  ]);
  return [
    `${experiment.id}, seeds ${seedsText(seeds)}: ${conclusion.headline}`,
    ...findings,
    `${trials.length} trials${kept > 0 ? `, of which ${kept} had been done before` : ""}; figures and numbers: ${folder}`,
  ].join("\n");
}

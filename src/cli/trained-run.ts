import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { conditionedOrWhole } from "../data/check.js";
import { readDataset } from "../data/read.js";
import { InputError } from "../errors.js";
import type { Stage, TrainedRun, Training } from "../experiments/inputs.js";
import { commandText } from "./command-text.js";
import { chosenMethod } from "./method-options.js";
import { openModel } from "./open-model.js";
import { kebab } from "./option-values.js";
import type { ProgressView } from "./progress.js";
import { dataOfRun } from "./reference-rows.js";
import { runFit } from "./run-fit.js";
import { RunFolder } from "./run-folder.js";

/**
 * The models of a run for an experiment: those that were kept as the fit went on, and the final one. An unfinished fit
 * serves as well, as far as it has come. Throws InputError where the folder holds no run or no model.
 */
export async function openRun(path: string, threads?: number): Promise<TrainedRun> {
  const folder = new RunFolder(path);
  const record = await folder.record();
  if (record === undefined) {
    throw new InputError(`${path}: holds no run, expected the folder of a fit (--run)`);
  }
  const kept = await folder.stages();
  const final = existsSync(folder.file("model")) ? await finalStage(folder) : undefined;
  const files = [...kept.filter(({ epoch }) => epoch !== final?.epoch), ...(final ? [final] : [])];
  if (files.length === 0) {
    throw new InputError(`${path}: holds no model yet; fit with --keep-every to have some on the way`);
  }
  return {
    name: basename(resolve(path)),
    seed: record.seed,
    command: commandText(record.command),
    stages: await Promise.all(files.map((file) => stageOf(file, threads))),
    data: () => dataOfRun(path, record),
    drawn: record.data.streamed?.drawn,
  };
}

async function finalStage(folder: RunFolder): Promise<{ epoch: number; file: string }> {
  const { model, file } = await openModel(folder.path);
  return { epoch: model.facts.history?.length ?? 0, file };
}

async function stageOf({ epoch, file }: { epoch: number; file: string }, threads?: number): Promise<Stage> {
  const load = async () => (await openModel(file, threads)).model;
  return { epoch, digest: await digestOfFile(file), load };
}

/** The first digits of the SHA-256 of a file. Throws InputError where it cannot be read. */
export async function digestOfFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new InputError(`${path}: cannot be read (${error.message})`);
  });
  return createHash("sha256").update(bytes).digest("hex").slice(0, 12);
}

/**
 * The run of a training that an experiment needs: as it stands in the folder, or made there, or gone on with. Throws
 * Interrupted after Ctrl-C, when a checkpoint is written.
 */
export async function trainedRun(
  path: string,
  { data, only, options }: Training,
  threads: number | undefined,
  view: ProgressView,
): Promise<TrainedRun> {
  const folder = new RunFolder(path);
  const { kind } = await folder.state();
  if (kind === "foreign")
    throw new InputError(`${path}: holds files that are not of a run, expected a free folder`);
  if (kind === "finished") return openRun(path, threads);
  const { keepEvery, ...said } = {
    ...options,
    ...(threads !== undefined ? { threads } : {}),
  } as Training["options"];
  const { method, settings } = chosenMethod(said);
  view.note(`Training first, in ${path}; an interrupted training goes on with the same command.`);
  const typed = { ...(only && { only: only.join(",") }), ...options, out: path };
  const words = Object.entries(typed).flatMap(([name, value]) => [`--${kebab(name)}`, `${value}`]);
  await runFit({
    verb: "fit",
    command: ["fit", data, ...words],
    dataset: conditionedOrWhole(await readDataset(data, { only })),
    method,
    settings,
    said: { data, ...(only && { only }), ...options },
    folder,
    resume: kind === "unfinished",
    overwrite: false,
    checkpointSeconds: 60,
    stageEvery: Number(keepEvery),
    view,
    goOn: "run the command again to go on",
  });
  return openRun(path, threads);
}

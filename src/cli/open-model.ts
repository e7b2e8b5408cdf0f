import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { classNumber } from "../data/labels.js";
import { InputError } from "../errors.js";
import { loadModel } from "../models/load.js";
import type { Model } from "../models/model.js";
import { threadsOf } from "./options.js";
import { runFiles } from "./run-folder.js";

/** The file of a model: the path itself, or that in a run folder. Throws InputError where there is none. */
export async function modelFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new InputError(`${path}: no such file or directory, expected a run folder or a model file`);
  if (!found.isDirectory()) return path;
  const file = join(path, runFiles.model);
  if (existsSync(file)) return file;
  const unfinished = existsSync(join(path, runFiles.checkpoint));
  throw new InputError(
    unfinished
      ? `${path}: the fit in this folder is not finished; go on with the command that started it and --resume`
      : `${path}: holds no ${runFiles.model}, expected the folder of a run or a model file`,
  );
}

/** Loads the model of a run folder or a model file. `threads` is what `--threads` said. */
export async function openModel(
  path: string,
  threads?: number | "auto",
): Promise<{ model: Model; file: string }> {
  const file = await modelFile(path);
  const bytes = await readFile(file).catch((error: Error) => {
    throw new InputError(`${file}: cannot be read (${error.message})`);
  });
  return { model: await loadModel(bytes, file, { threads: threadsOf(threads) }), file };
}

/** The class of a model that a text names; `03` and `3.0` name class `3`. Throws InputError naming the option. */
export function classNamed(model: Model, text: string): string {
  const { classes } = model.facts.condition;
  const index = classNumber(classes, text);
  if (index >= 0) return classes[index];
  const known = classes.slice(0, 12).join(", ") + (classes.length > 12 ? ", ..." : "");
  throw new InputError(`option --condition: found "${text}", expected one of the model's classes (${known})`);
}

/** Throws InputError unless a latent's index exists. */
export function checkLatentIndex(model: Model, latent: number, option: string): void {
  if (latent < model.latents) return;
  throw new InputError(
    `option ${option}: found ${latent}, expected the index of a latent, 0 to ${model.latents - 1}`,
  );
}

import { mkdir, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../data/files/atomic-write.js";
import type { SampleFilePaths } from "../data/files/sample-file.js";
import { FailureError, InputError } from "../errors.js";
import { type MetricsLine, parseMetrics } from "./metrics.js";
import { RunLock } from "./run-lock.js";
import { parseRecord, type RunRecord } from "./run-record.js";

/** The files of a run by what they are. */
export const runFiles = {
  model: "model.safetensors",
  checkpoint: "checkpoint.safetensors",
  record: "run.json",
  metrics: "metrics.jsonl",
  report: "report.html",
  profile: "profile.json",
  scores: "scores.json",
} as const;

const STAGES = "stages";

/** Files with samples that are too many for memory, of a fit that is not finished. */
const sampleFiles = { rows: "samples.bin", about: "samples.json" } as const;

/** What stands in a folder: nothing of ours, a fit that can go on, one that is done, or someone else's files. */
export type FolderState =
  | { readonly kind: "free" }
  | { readonly kind: "unfinished" }
  | { readonly kind: "finished" }
  | { readonly kind: "foreign"; readonly file: string };

/** What is left of a write that was cut short. */
const leftover =
  /^\.(model\.safetensors|checkpoint\.safetensors|run\.json|metrics\.jsonl|samples\.bin|samples\.json|report\.html|profile\.json|scores\.json)\.[-0-9a-f]{36}\.tmp$/;

/** The folder of one run. Everything is written whole or not at all. */
export class RunFolder {
  /** The lock of the folder, which must exist when it is taken. */
  readonly lock: RunLock;

  constructor(readonly path: string) {
    this.lock = new RunLock(join(path, "fit.lock"), path);
  }

  file(name: keyof typeof runFiles): string {
    return join(this.path, runFiles[name]);
  }

  /** Throws InputError where the path is no folder. */
  async state(): Promise<FolderState> {
    const found = await stat(this.path).catch(() => undefined);
    if (found === undefined) return { kind: "free" };
    if (!found.isDirectory())
      throw new InputError(`${this.path}: found a file, expected a folder for the run (--out)`);
    const names = new Set(await readdir(this.path));
    if (names.has(runFiles.checkpoint)) return { kind: "unfinished" };
    if (names.has(runFiles.model)) return { kind: "finished" };
    const foreign = [...Object.values(runFiles), ...Object.values(sampleFiles)].find((name) =>
      names.has(name),
    );
    if (foreign === undefined || (await this.record()) !== undefined) return { kind: "free" };
    return { kind: "foreign", file: foreign };
  }

  /** Makes the folder, and removes what a killed process left. With `empty` the run that stands there goes, too. */
  async prepare({ empty }: { readonly empty: boolean }): Promise<void> {
    await this.make();
    const stale = (await readdir(this.path)).filter((name) => leftover.test(name));
    const old = empty ? [...Object.values(runFiles), STAGES] : [];
    await Promise.all(
      [...stale, ...old].map((name) =>
        rm(join(this.path, name), { force: true, recursive: name === STAGES }),
      ),
    );
  }

  /** Whether nothing stands there at all. */
  async isEmpty(): Promise<boolean> {
    return (await readdir(this.path).catch(() => [])).length === 0;
  }

  /** Where a fit keeps samples that are too many for memory. */
  get samples(): SampleFilePaths {
    return { rows: join(this.path, sampleFiles.rows), about: join(this.path, sampleFiles.about) };
  }

  async hasCheckpoint(): Promise<boolean> {
    return (await stat(this.file("checkpoint")).catch(() => undefined)) !== undefined;
  }

  /** Removes the folder where nothing is in it. */
  async removeEmpty(): Promise<void> {
    await rmdir(this.path).catch(() => {});
  }

  /** Makes the folder where there is none. */
  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new FailureError(`cannot make the folder ${this.path}: ${error.message}`);
    });
  }

  async record(): Promise<RunRecord | undefined> {
    const text = await readFile(this.file("record"), "utf8").catch(() => undefined);
    return text === undefined ? undefined : parseRecord(text);
  }

  async metrics(): Promise<MetricsLine[]> {
    return parseMetrics(await readFile(this.file("metrics"), "utf8").catch(() => ""));
  }

  async checkpoint(): Promise<{ bytes: Uint8Array; name: string }> {
    const name = this.file("checkpoint");
    return { bytes: await readFile(name), name };
  }

  async write(name: keyof typeof runFiles, content: Uint8Array | string): Promise<void> {
    await writeFileAtomic(this.file(name), content);
  }

  /** Keeps the model as it was after an epoch. */
  async writeStage(epoch: number, restart: number, model: Uint8Array): Promise<void> {
    const folder = join(this.path, STAGES);
    await mkdir(folder, { recursive: true });
    const which = restart === 0 ? "" : `-restart-${restart + 1}`;
    await writeFileAtomic(join(folder, `epoch-${String(epoch).padStart(3, "0")}${which}.safetensors`), model);
  }

  /** The models that were kept as the fit went on, by epoch; of the first restart. */
  async stages(): Promise<{ readonly epoch: number; readonly file: string }[]> {
    const folder = join(this.path, STAGES);
    const names = await readdir(folder).catch(() => [] as string[]);
    return names
      .flatMap((name) => {
        const epoch = /^epoch-(\d+)\.safetensors$/.exec(name)?.[1];
        return epoch === undefined ? [] : [{ epoch: Number(epoch), file: join(folder, name) }];
      })
      .sort((a, b) => a.epoch - b.epoch);
  }

  async writeRecord(record: RunRecord): Promise<void> {
    await this.write("record", `${JSON.stringify(record, null, 2)}\n`);
  }

  async removeCheckpoint(): Promise<void> {
    await rm(this.file("checkpoint"), { force: true });
  }
}
